#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# cr86 from-core, with cores that are changed in one place: what is wrong is refused, with the file, the offset and what
# was expected there, and leaves nothing behind; what is only Linux's way becomes cr86's.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

my %type = (PRSTATUS => 1, FPREGSET => 2, PRPSINFO => 3, AUXV => 6, TLS => 0x200, XSTATE => 0x202, LAYOUT => 0x205,
	PRXFPREG => 0x46e62b7f, FILE => 0x46494c45);
my %owner = (TLS => 'LINUX', XSTATE => 'LINUX', LAYOUT => 'LINUX', PRXFPREG => 'LINUX');

# struct elf_prstatus on i386: pr_pid, and in pr_reg what the tests need of struct user_regs_struct.
my %status = (pid => 24, eax => 72 + 4 * 6, xgs => 72 + 4 * 10, orig_eax => 72 + 4 * 11, eip => 72 + 4 * 12,
	xcs => 72 + 4 * 13, eflags => 72 + 4 * 14, xds => 72 + 4 * 7, xes => 72 + 4 * 8, xfs => 72 + 4 * 9, xss => 72 + 4 * 16);

# --- A core in parts: notes and segments, to be put together again ---

sub padded
{
	my ($bytes) = @_;
	return $bytes . "\0" x (-length($bytes) & 3);
}

# { header => bytes, notes => [[owner, type, desc]...], loads => [[program header words, bytes]...] }
sub parts_of
{
	my $core = slurp($_[0]);
	my ($phoff, $phnum) = unpack 'x28 L< x12 S<', $core;
	my %parts = (header => substr($core, 0, 52), notes => [], loads => []);

	for (0 .. $phnum - 1) {
		my @words = unpack 'L<8', substr $core, $phoff + 32 * $_;
		my $bytes = substr $core, $words[1], $words[4];

		push @{ $parts{loads} }, [ \@words, $bytes ] if $words[0] == 1;
		while ($words[0] == 4 && length $bytes) {
			my ($name, $size, $type) = unpack 'L<3', $bytes;
			my $owner = substr $bytes, 12, $name - 1;
			my $at = 12 + length padded('x' x $name);

			push @{ $parts{notes} }, [ $owner, $type, substr $bytes, $at, $size ];
			$bytes = substr $bytes, $at + length padded('x' x $size);
		}
	}
	return \%parts;
}

sub put_together
{
	my ($parts) = @_;
	my $notes = join '', map { pack('L<3', 1 + length $_->[0], length $_->[2], $_->[1]) . padded("$_->[0]\0") . padded($_->[2]) }
		@{ $parts->{notes} };
	my $count = 1 + @{ $parts->{loads} };
	my $offset = 52 + 32 * $count;
	my $headers = pack 'L<8', 4, $offset, 0, 0, length $notes, 0, 0, 4;
	my $contents = $notes;

	for (@{ $parts->{loads} }) {
		my ($words, $bytes) = @$_;
		$headers .= pack 'L<8', 1, $offset + length $contents, @$words[2 .. 7];
		$contents .= $bytes;
	}
	return $parts->{header} =~ s/\A(.{44})../$1 . pack 'S<', $count/ser . $headers . $contents;
}

# A reference to the contents of a note.
sub desc
{
	my ($parts, $name) = @_;
	my ($note) = grep { $_->[1] == $type{$name} } @{ $parts->{notes} };
	return \$note->[2];
}

sub put
{
	my ($bytes, $at, $template, @values) = @_;
	substr($$bytes, $at, length pack $template, @values) = pack $template, @values;
}

sub set_register
{
	my ($parts, %value) = @_;
	put(desc($parts, 'PRSTATUS'), $status{$_}, 'L<', $value{$_} & 0xffffffff) for keys %value;
}

sub without
{
	my ($parts, $name) = @_;
	@{ $parts->{notes} } = grep { $_->[1] != $type{$name} } @{ $parts->{notes} };
}

sub with
{
	my ($parts, $name, $desc) = @_;
	push @{ $parts->{notes} }, [ $owner{$name} // 'CORE', $type{$name}, $desc ];
}

# --- from-core, and what comes of it ---

system("$root/build/unit/sample", scratch()) == 0 or BAIL_OUT('no sample images');
my $from = scratch() . '/changed.core';
my $to = scratch() . '/new/changed.img';
mkdir scratch() . '/new';

# The sample with memory has a selector of its LDT in es, which a core does not hold.
sub sample
{
	my ($name) = @_;
	cr86('core', scratch() . "/$name.img", '-o', scratch() . "/$name.core");
	my $parts = parts_of(scratch() . "/$name.core");
	set_register($parts, xes => 0x7b);
	return $parts;
}

sub from_core
{
	my ($bytes, @options) = @_;
	unlink $to;
	return cr86('from-core', @options, write_file($from, $bytes), '-o', $to);
}

sub refused
{
	my ($what, $bytes, $why, @options) = @_;
	my ($status, $said) = from_core($bytes, @options);
	my $left = join ' ', glob scratch() . '/new/*';

	is("$status$left", 2, "$what is refused, and nothing is left behind");
	like($said, qr/^cr86: \Q$from\E: $why.*\n\z/, "with: $why");
}

# A change of the bytes, and a change of the parts.
sub bytes_refused
{
	my ($what, $at, $template, $value, $why) = @_;
	my $bytes = put_together(sample('memory'));
	put(\$bytes, $at, $template, $value);
	refused($what, $bytes, $why);
}

sub parts_refused
{
	my ($what, $change, $why) = @_;
	my $parts = sample('memory');
	$change->($parts);
	refused($what, put_together($parts), $why);
}

# The registers of the image that a changed core gives.
sub accepted
{
	my ($what, $name, $change) = @_;
	my $parts = sample($name);
	$change->($parts);
	my ($status, $said) = from_core(put_together($parts));

	is($status, 0, $what) or diag($said);
	return ($said, $status ? () : image_registers($to));
}

# --- ELF ---

my $found = 'found 0x[0-9a-f]+, expected';
my $good = put_together(sample('memory'));
is((from_core($good))[0], 0, 'a core that is put together again is good') or diag((from_core($good))[1]);

bytes_refused('no ELF file', 0, 'a4', 'CORE', "e_ident at offset 0: $found .*an ELF file");
bytes_refused('a 64-bit core', 4, 'C', 2, 'EI_CLASS at offset 4: found 0x2, expected 1');
bytes_refused('a big-endian core', 5, 'C', 2, 'EI_DATA at offset 5: found 0x2, expected 1');
bytes_refused('a program', 16, 'S<', 2, 'e_type at offset 16: found 0x2, expected 4 \(ET_CORE\)');
bytes_refused('another processor', 18, 'S<', 62, 'e_machine at offset 18: found 0x3e, expected 3');
bytes_refused('other program headers', 42, 'S<', 56, 'e_phentsize at offset 42: found 0x38, expected 32');
bytes_refused('too many program headers', 44, 'S<', 0xffff, 'e_phnum at offset 44: found 0xffff, expected less');
bytes_refused('headers beyond the end', 44, 'S<', 0xfffe, "e_phoff at offset 28: $found .*ends early");
bytes_refused('headers elsewhere', 28, 'L<', 0xfffffff0, 'e_phoff at offset 28: found 0xfffffff0, expected');
bytes_refused('no notes', 52, 'L<', 0, "e_phnum at offset 44: $found a PT_NOTE segment");
bytes_refused('two segments of notes', 84, 'L<', 4, 'p_type at offset 84: found 0x4, expected one PT_NOTE');
bytes_refused('memory in the notes', 88, 'L<', 300, 'p_offset at offset 88: found 0x12c, expected bytes that are not');
bytes_refused('half a page', 92, 'L<', 0x8048800, "p_vaddr at offset 92: found 0x8048800, expected a page's address");
bytes_refused('a page and a half', 104, 'L<', 0x1800, 'p_memsz at offset 104: found 0x1800, expected whole pages');
bytes_refused('more in the file than in memory', 104, 'L<', 0, 'p_memsz at offset 104: found 0x0, expected .*p_filesz');
bytes_refused('memory too high', 92, 'L<', 0xf7ff8000, 'p_vaddr at offset 92: found 0xf7ff8000, .*setarch i386 --3gb');
bytes_refused('memory twice', 92, 'L<', 0x804a000, 'p_vaddr at offset 124: found 0x804a000, .*overlaps no other');
refused("a core of $_ bytes", substr($good, 0, $_), qr/(?:ELF header at offset 0|e_phoff at offset 28|p_filesz at offset \d+): $found .*ends early/)
	for 0, 20, 51, 60, 200, 500, 2000, 5000, length($good) - 1;

# --- Notes ---

my $first_note = 52 + 32 * 4;    # notes, three VMAs
bytes_refused('an endless owner', $first_note, 'L<', 0xfffffffe, "n_namesz at offset $first_note: found 0xfffffffe, expected a name");
bytes_refused('endless contents', $first_note + 4, 'L<', 0xfffffffe,
	"n_descsz at offset @{[$first_note + 4]}: found 0xfffffffe, expected contents");
bytes_refused('half a header', 68, 'L<', 150, 'n_descsz|note at offset');
parts_refused('no NT_PRSTATUS', sub { without($_[0], 'PRSTATUS') }, "notes at offset $first_note: $found a note NT_PRSTATUS");
parts_refused('two threads', sub { with($_[0], 'PRSTATUS', ${ desc($_[0], 'PRSTATUS') }) },
	"NT_PRSTATUS at offset \\d+: $found .*one thread");
parts_refused('two of another note', sub { with($_[0], 'TLS', '') }, "NT_386_TLS at offset \\d+: $found one such note");
parts_refused("x86-64's NT_PRSTATUS", sub { ${ desc($_[0], 'PRSTATUS') } .= "\0" x 192 },
	"NT_PRSTATUS.descsz at offset \\d+: found 0x150, expected");
parts_refused('half a TLS entry', sub { ${ desc($_[0], 'TLS') } .= 'x' }, "NT_386_TLS.descsz at offset \\d+: $found whole");
parts_refused('no id', sub { set_register($_[0], pid => 0) }, 'NT_PRSTATUS.pr_pid at offset \d+: found 0x0, expected');
parts_refused('virtual-8086 mode', sub { set_register($_[0], eflags => 0x20202) },
	'NT_PRSTATUS.eflags at offset \d+: found 0x20202, expected VM clear');
parts_refused('a selector that no task has', sub { set_register($_[0], xds => 0x53) },
	'no image can hold this: CPU.ds at offset \d+: found 0x53, expected');
parts_refused('a selector of the LDT', sub { set_register($_[0], xes => 0x17) }, 'no image can hold this: CPU.es .*LDT');
parts_refused('another TLS entry', sub { put(desc($_[0], 'TLS'), 0, 'L<', 12) },
	'NT_386_TLS.entry_number at offset \d+: found 0xc, expected 6 to 8, since cs is not 0023');
parts_refused('an entry of i386 under x86-64', sub { set_register($_[0], xcs => 0x23) },
	'NT_386_TLS.entry_number at offset \d+: found 0x6, expected 12 to 14, since cs is 0023');
parts_refused('gs without its descriptor', sub { without($_[0], 'TLS') },
	'NT_PRSTATUS.xgs at offset \d+: found 0x3b, expected a note NT_386_TLS');
parts_refused('a vector without an end', sub { with($_[0], 'AUXV', pack 'L<4', 6, 4096, 9, 1) },
	"NT_AUXV at offset \\d+: $found AT_NULL");
parts_refused('files without ranges', sub { with($_[0], 'FILE', pack 'L<2', 1000, 1) }, 'NT_FILE.count at offset \d+: found 0x3e8');
parts_refused('a file without a name', sub { with($_[0], 'FILE', pack 'L<5 a3', 1, 1, 0x8048000, 0x8049000, 0, 'abc') },
	"NT_FILE.name at offset \\d+: $found a name");
parts_refused('a file that the core leaves out', sub { with($_[0], 'FILE', pack 'L<5 Z*', 1, 1, 0x9000000, 0x9001000, 0, '/lib/c') },
	'leaves out memory at 09000000, which is that of /lib/c, .*coredump_filter');

my $xstate = sub { my ($at, $value) = @_; sub { put(desc($_[0], 'XSTATE'), $at, 'Q<', $value) } };
parts_refused('components that do not have this size', $xstate->(464, 7), "NT_X86_XSTATE.xcr0 at offset \\d+: found 0x7, expected");
parts_refused('the compacted form', $xstate->(520, 1 << 63), "NT_X86_XSTATE.xcomp_bv at offset \\d+: $found 0");
parts_refused('components that are not enabled', $xstate->(512, 0x1ff), 'NT_X86_XSTATE.xstate_bv at offset \d+: found 0x1ff,');
parts_refused('half an XSAVE area', sub { ${ desc($_[0], 'XSTATE') } = "\0" x 575 }, 'NT_X86_XSTATE.descsz at offset \d+: found 0x23f');
parts_refused('MXCSR with a bit of nobody', sub { put(desc($_[0], 'XSTATE'), 24, 'L<', 0x41f80) },
	'no image can hold this: CPU.xstate.mxcsr');

# --- The program that a core is of ---

{
	my ($status, $said) = from_core($good, '--program', "$root/build/programs/hello");
	is($status, 2, 'another program is refused');
	like($said, qr{^cr86: \S+/hello is not the program that \Q$from\E is of: they differ in the page at 08048000$}m, 'by its text');
	($status, $said) = from_core($good, '--program', "$root/build/cr86");
	like($said, qr{^cr86: \S+/cr86: e_ident at offset 0: .*32-bit program}m, 'a 64-bit program is none');
	($status, $said) = from_core($good, '--program', scratch() . '/nothing');
	like($said, qr{nothing: No such file}, 'nor one that is not there');
}

# --- What is Linux's way ---

for my $error (-512, -513, -514, -516) {
	my (undef, %image) = accepted("a system call that gave $error", 'xstate', sub { set_register($_[0], eax => $error, orig_eax => 3) });
	is("$image{eax} $image{eip} $image{orig_eax}", '00000003 08048121 ffffffff', 'is made again');
}
for ([ -4, 3 ], [ -512, -1 ]) {
	my ($eax, $orig) = @$_;
	my (undef, %image) = accepted("eax $eax, orig_eax $orig", 'xstate', sub { set_register($_[0], eax => $eax, orig_eax => $orig) });
	is($image{eip}, '08048123', 'asks for no system call');
}
{
	my ($said, %image) = accepted('eflags with IOPL, VIF and VIP', 'xstate', sub { set_register($_[0], eflags => 0x183297) });
	is($image{eflags}, '00000297', 'lose them (FORMAT.md row 9)');
	like($said, qr/^eflags: 00183297 becomes 00000297/m, 'which is told');
}
sub as_on_x86_64
{
	my ($parts) = @_;
	set_register($parts, xcs => 0x23, (map { $_ => 0x2b } qw(xds xes xss)), xfs => 0x63, xgs => 0x6b);
	put(desc($parts, 'TLS'), 16 * $_, 'L<', 12 + $_) for 0 .. 2;
}
{
	my (undef, %i386) = accepted('selectors and TLS entries of i386', 'xstate', sub { });
	my (undef, %x86_64) = accepted('and of x86-64', 'xstate', \&as_on_x86_64);
	is_deeply(\%x86_64, \%i386, 'are the same in an image');
	my ($said, %image) = accepted("Linux's PKRU", 'xstate', sub { as_on_x86_64($_[0]); put(desc($_[0], 'XSTATE'), 2688, 'L<2', 0x55555554, 0) });
	ok(!exists $image{PKRU}, 'is left out');
	like($said, qr/^PKRU: 55555554/m, 'which is told');
}

# AVX, opmask and PKRU where AMD has them, and where NT_X86_XSAVE_LAYOUT says.
sub moved
{
	my ($parts, $size, %to) = @_;
	my $area = desc($parts, 'XSTATE');
	my %from = (576 => 256, 1088 => 64, 2688 => 8);
	my $new = substr($$area, 0, 576) . "\0" x ($size - 576);

	substr($new, $to{$_}, $from{$_}) = substr $$area, $_, $from{$_} for keys %from;
	$$area = $new;
}
{
	my (undef, %intel) = accepted("components where Intel has them", 'xstate', sub { });
	my (undef, %amd) = accepted('where AMD has them', 'xstate', sub { moved($_[0], 2440, 576 => 576, 1088 => 832, 2688 => 2432) });
	my (undef, %told) = accepted('where the core says', 'xstate', sub {
		moved($_[0], 2000, 576 => 704, 1088 => 1024, 2688 => 1984);
		put(desc($_[0], 'XSTATE'), 464, 'Q<', 0x207 | 1 << 5);
		with($_[0], 'LAYOUT', pack 'L<12', 2, 256, 704, 0, 5, 64, 1024, 0, 9, 8, 1984, 0);
	});
	is_deeply(\%amd, \%intel, 'are the same in an image');
	is_deeply(\%told, \%intel, 'wherever they are');
}
{
	my (undef, %image) = accepted('a component whose bit in XSTATE_BV is clear', 'xstate', sub { put(desc($_[0], 'XSTATE'), 512, 'Q<', 0x224) });
	is("$image{FCW} $image{XMM0}", '037f 0000000000000000_0000000000000000', 'is in its initial state (SDM 1 §13.8.1)');
	is($image{MXCSR}, '00007fc0', 'but MXCSR is loaded all the same');
}

# --- Whatever is damaged, the command comes to an end of its own accord ---

srand 86;
my $ends = 0;
for (1 .. 200) {
	my $bytes = $good;
	put(\$bytes, int rand 3000, 'C', int rand 256) for 0 .. rand 3;
	$ends += (from_core($bytes))[0] =~ /^[02]$/;
}
is($ends, 200, '200 cores with random damage are refused or good');
done_testing();
