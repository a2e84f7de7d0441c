#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that cannot be run: each is refused with the reason; those beside it run. And programs that get into trouble.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Programs;
use Test::More;

my $good = slurp("$root/build/programs/hello");

# Offsets in the file header and in program header N (System V ABI, figures 4-3 and 5-1).
sub header { return { class => 4, data => 5, type => 16, machine => 18, entry => 24, phoff => 28, phentsize => 42, phnum => 44 }->{ $_[0] } }
sub segment
{
	my ($n, $field) = @_;
	return unpack('V', substr $good, 28, 4) + 32 * $n + { type => 0, offset => 4, vaddr => 8, filesz => 16, memsz => 20 }->{$field};
}

my ($PT_INTERP, $PT_NOTE, $phnum) = (3, 4, unpack 'v', substr $good, 44, 2);
my @loads = grep { unpack('V', substr $good, segment($_, 'type'), 4) == 1 } 0 .. $phnum - 1;

# A good program with some bytes changed: offset => bytes.
sub patched
{
	my (%change) = @_;
	my $bytes = $good;

	substr($bytes, $_, length $change{$_}) = $change{$_} for keys %change;
	return $bytes;
}

sub word { return pack 'V', $_[0] }

my @refused = (
	[ 'no_elf', "no program\n" x 20, qr/it is not an ELF file/ ],
	[ 'too_short', substr($good, 0, 51), qr/it is not an ELF file/ ],
	[ 'class64', patched(header('class') => "\2"), qr/it is a 64-bit program/ ],
	[ 'big_endian', patched(header('data') => "\2"), qr/it is not a program for i386/ ],
	[ 'for_arm', patched(header('machine') => "\x28\0"), qr/it is not a program for i386/ ],
	[ 'object', patched(header('type') => "\1\0"), qr/it is not an executable/ ],
	[ 'headers_away', patched(header('phoff') => word(length $good)), qr/its program headers lie outside the file/ ],
	[ 'headers_odd', patched(header('phentsize') => "\x38\0"), qr/its program headers lie outside the file/ ],
	[ 'headers_many', patched(header('phnum') => "\xff\xff"), qr/its program headers lie outside the file/ ],
	[ 'nothing', patched(map { (segment($_, 'type') => word($PT_NOTE)) } @loads), qr/it has no segment to load/ ],
	[ 'dynamic', patched(segment($loads[1], 'type') => word($PT_INTERP), segment($loads[1], 'offset') => word(length($good) - 64),
		length($good) - 64 => "/lib/ld-wrong.so.7\0"), qr{it is linked dynamically, for the interpreter /lib/ld-wrong\.so\.7} ],
	[ 'cut_off', patched(segment($loads[0], 'filesz') => word(0x10000000), segment($loads[0], 'memsz') => word(0x10000000)),
		qr/a segment lies outside the file/ ],
	[ 'shrunk', patched(segment($loads[0], 'memsz') => word(1)), qr/a segment lies outside the file/ ],
	[ 'unaligned', patched(segment($loads[0], 'vaddr') => word(0x08048010)), qr/a segment's place in the file does not fit/ ],
	[ 'in_kernel', patched(segment($loads[0], 'vaddr') => word(0xc0000000)), qr/a segment lies outside user space/ ],
	[ 'at_null', patched(segment($loads[0], 'vaddr') => word(0)), qr/a segment lies outside user space/ ],
	[ 'wraps', patched(segment($loads[0], 'memsz') => word(0xfffff000)), qr/a segment lies outside user space/ ],
	[ 'no_entry', patched(header('entry') => word(0x70000000)), qr/its entry point lies in no segment of code/ ],
	[ 'entry_in_data', patched(header('entry') => substr($good, segment($loads[-1], 'vaddr'), 4)),
		qr/its entry point lies in no segment of code/ ],
);

write_file(scratch() . "/$_->[0]", $_->[1]) for @refused;
for my $half ([ @refused[ 0 .. 9 ] ], [ @refused[ 10 .. $#refused ] ]) {
	my @names = map { $_->[0] } @$half;
	my $machine = boot(qw(qemu --cpu 486), '--append', 'selftest=no run=hello,' . join(',', @names), modules('hello'),
		map { ('--module', scratch() . "/$_") } @names);

	for (@$half) {
		my ($name, undef, $says) = @$_;
		like($machine->{output}, qr/^not ok \d+ - run $name # $says/m, "$name is refused, and why");
	}
	like($machine->{output}, qr/^ok \d+ - run hello$/m, 'the program beside them runs');
	like($machine->{output}, qr/^ok \d+ - engine:/m, 'and the machine ends well');
	is($machine->{status}, 1, 'but not as passed');
}

# --- real ones of the wrong kind ---

SKIP: {
	my $compiler = 'i686-linux-gnu-gcc';
	my $source = write_file(scratch() . '/main.c', 'int main(void) { return 0; }');
	my $dynamic = scratch() . '/linked';

	skip 'there is no compiler', 1 if system("$compiler -o $dynamic $source");
	my $machine = boot(qw(qemu --cpu 486), '--append', 'selftest=no run=linked,sh', '--module', $dynamic, '--module', '/bin/sh=sh');
	like($machine->{output}, qr{run linked # it is linked dynamically, for the interpreter /lib/ld-linux\.so\.2}, 'the interpreter is named');
	like($machine->{output}, qr{run sh # it is a 64-bit program}, 'a program of the host');
}

# --- segments that share a page: the later one has its way, with the file's bytes before and behind it ---

# Code, constants, and data with zeros behind it, each of which begins in the middle of the page that the one before ends in.
my $shared_source = <<'END';
#define SECTION(name) __attribute__((section(name), used))
static const char tail[] SECTION(".tail") = "code's last page can be read\n";
static char constant[] SECTION(".constants") = "constants\n", fill[6000] SECTION(".constants") = "constants' second page\n";
static char last[] SECTION(".constants2") = "Constants' last page can be written\n";
static char data[] SECTION(".variables") = "Data\n";
static char zeros[9000];
static const char code[5000] SECTION(".code") = "";

static int call(int number, int a, const void *b, int c)
{
	__asm__ volatile("int $0x80" : "+a"(number) : "b"(a), "c"(b), "d"(c) : "memory");
	return number;
}
#define PRINT(text) call(4, 1, text, sizeof(text) - 1)

void _start(void)
{
	int sum = 0;

	PRINT(tail);
	PRINT(constant);
	call(4, 1, fill, 23);
	last[0] = 'c';
	PRINT(last);
	data[0] = 'd';
	PRINT(data);
	for (unsigned n = 0; n < sizeof(zeros); n++)
		sum += zeros[n]++;
	if (!sum)
		PRINT("zeros\n");
	*(volatile char *)tail = 'C'; /* of a page that is the constants' now */
	PRINT("written\n");
	call(1, 0, 0, 0);
}
END
my $shared_script = <<'END';
ENTRY(_start)
PHDRS { code PT_LOAD FLAGS(5); constants PT_LOAD FLAGS(4); data PT_LOAD FLAGS(6); }
SECTIONS {
	. = 0x08048000;
	.text : { *(.text .text.* .rodata .rodata.* .code) *(.tail) } :code
	.constants : { *(.constants) *(.constants2) } :constants
	.data : { *(.variables .data) } :data
	.bss : { *(.bss) } :data
	/DISCARD/ : { *(.note* .eh_frame .comment) }
}
END

SKIP: {
	my $program = scratch() . '/shared';
	my @files = (write_file(scratch() . '/shared.c', $shared_source), write_file(scratch() . '/shared.ld', $shared_script));

	my @options = (qw(-O1 -nostdlib -static -fno-pic -fno-stack-protector -fno-builtin), '-Wl,--build-id=none,-z,max-page-size=4096');

	skip 'this machine does not build or run programs for i386', 1
		if !runs_natively() || system('i686-linux-gnu-gcc', @options, '-o', $program, $files[0], '-T', $files[1]);
	my ($said, undef, $signal) = native(['shared'], file => $program);
	like($said, qr/^zeros$/m, 'segments that share pages: what stands there is read and written under Linux');
	for my $machine (map { boot('qemu', '--cpu', $_, '--append', 'selftest=no', '--module', $program) } qw(486 max)) {
		is(output_of('shared', $machine), $said, "segments that share pages, $machine->{name}: what Linux prints");
		is($signal, 11, 'there SIGSEGV ends it');
		like($machine->{output}, qr/^not ok \d+ - run shared # ended by #PF$/m, 'and here a page fault');
	}
}

# --- trouble on the way ---

{
	my $machine = boot(qw(qemu --cpu pentium3 --memory 16), '--append', 'selftest=no run=hog,integers run="nosuch with arguments" run="\'open"',
		'--module', "$root/build/linux/hog", modules('integers'));

	like($machine->{output}, qr/^not ok \d+ - run hog # there is not enough memory$/m, 'memory that runs out');
	like($machine->{console}, qr/^# \[\d+ hog\] there is no memory left for the page at [0-9a-f]{8}/m, 'for which page is said');
	like($machine->{console}, qr/^\[\d+ hog\] more than there is: refused$/m, 'what can never be given is refused at once');
	like($machine->{console}, qr/^\[\d+ hog\] getcwd: -38, -38$/m, 'a missing call returns -ENOSYS');
	is(() = $machine->{console} =~ /^# \[\d+ hog\] system call 183 getcwd is missing here/mg, 1, 'and is told of once, by name');
	like($machine->{console}, qr/^# \[\d+ hog\] system call 87 swapon is missing here\n.*416 io_pgetevents_time64 is missing here$/m, 'also rare ones');
	like($machine->{output}, qr/^ok \d+ - run integers$/m, 'the program beside it ends well');
	like($machine->{output}, qr/^not ok \d+ - run nosuch # there is no module of that name/m, 'a program with arguments that is not there');
	like($machine->{output}, qr/^not ok \d+ - run 'open # it has a quotation without an end/m, 'a quotation without an end');
}
done_testing();
