#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# cr86 core, with witnesses that share no code with us: gdb and eu-readelf see in the core of an image what the image
# says, register by register and byte by byte. And back by cr86 from-core, without a difference.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

# Machines that save state in different ways, programs with something in all of it at that tick, and ticks a second.
my @machines = (
	[ [qw(qemu --cpu 486)], { traveller => 40, x87 => 1 }, 100 ],         # FSAVE
	[ [qw(qemu --cpu pentium3)], { traveller => 40, sse => 1 }, 100 ],    # FXSAVE
	[ [qw(qemu --cpu Haswell)], { traveller => 40, avx => 1 }, 100 ],     # XSAVE, AVX
	[ [qw(bochs --cpu corei7_skylake_x)], { avx512 => 4 }, 1000 ],        # opmask, ZMM
);

# gdb's names of the image's registers, where they are not the same in lower case. Two values: the upper half, the lower.
my %gdb_name = (FCW => ['fctrl'], FSW => ['fstat'], FOP => ['fop'], FIP => ['fioff'], FCS => ['fiseg'], FDP => ['fooff'],
	FDS => ['foseg'], map { ("XMM$_" => ["xmm$_.uint128"], "YMM${_}_Hi128" => ["ymm$_.v2_int128[1]"],
		"ZMM${_}_Hi256" => [ "zmm$_.v4_int128[3]", "zmm$_.v4_int128[2]" ]) } 0 .. 7);

# What a core has no place for, what is compared otherwise (TLS descriptors, tags), what is no register.
my $elsewhere = qr/^(DR\d|gdt\d|FTW|uses_debug|used_math|has_fxsr)$/;

# gdb's values of these registers of the image, as digits.
sub gdb_registers
{
	my ($core, @names) = @_;
	my (@commands, %value);

	for my $name (@names) {
		push @commands, $name =~ /^ST/ ? 'info registers ' . lc $name :
			map { ("echo $name=", "output/x \$$_", 'echo \n') } @{ $gdb_name{$name} // [ lc $name ] };
	}
	for (split /\n/, gdb([ '-c', $core ], @commands)) {
		$value{ uc $1 } = $2 if /^(st\d) .*raw 0x([0-9a-f]+)/;
		$value{$1} .= sprintf '%032s', $2 if /^(\w+)=0x([0-9a-f]+)$/;
	}
	return map { $_ => $value{$_} =~ tr/ /0/r } keys %value;
}

# The full tag word, by physical register (SDM 1 §8.1.7), from what show says of each ST(n).
sub tag_word
{
	my ($image) = @_;
	my %code = (valid => 0, zero => 1, special => 2, empty => 3);
	my ($x87) = map { $_->{x87} // () } image_records($image);
	my $top = hex($x87->{FSW}{value}) >> 11 & 7;
	my $word = 0;

	$word |= $code{ $x87->{"ST$_"}{tag} } << 2 * ($top + $_ & 7) for 0 .. 7;
	return sprintf '%x', $word;
}

sub registers_are_gdbs
{
	my ($image, $core, $where, %image) = @_;
	my @names = grep { !/$elsewhere/ } sort keys %image;
	my %gdb = gdb_registers($core, @names, 'ftag');

	$image{ftag} = tag_word($image);
	is(number($gdb{$_} // 'gdb has none'), number($image{$_}), "$where: $_") for @names, 'ftag';
}

# VMAs with their pages, as docs/FORMAT.md §2 has them: [start, end, bytes].
sub memory_of
{
	my $image = slurp($_[0]);
	my ($at, @vmas) = (0);

	while ($at < length $image) {
		my ($type, $length) = unpack 's<s<', substr $image, $at;
		my $payload = substr $image, $at + 8, $length;

		$at += 8 + $length;
		$at += 24 if $type == 102;                               # THREAD
		$at += 8 * unpack 'x2 s<', $payload if $type == 204;     # MM_CONTEXT
		if ($type == 202) {                                      # VMA
			my ($start, $end) = unpack 'x8 Q<Q<', $payload;
			push @vmas, [ $start, $end, "\0" x ($end - $start) ];
		} elsif ($type == 203) {                                 # PGARR
			my $count = unpack 'Q<', $payload;
			my @addresses = unpack "x$at L<$count", $image;

			$at += 4 * $count;
			for (@addresses) {
				substr($vmas[-1][2], $_ - $vmas[-1][0], 4096) = substr $image, $at, 4096;
				$at += 4096;
			}
		}
	}
	return @vmas;
}

sub memory_is_gdbs
{
	my ($image, $core, $where) = @_;
	my $file = scratch() . '/dump';
	my @vmas = memory_of($image);

	gdb([ '-c', $core ], map { sprintf 'dump binary memory %s-%x 0x%x 0x%x', $file, (@$_)[0, 0, 1] } @vmas);
	for (@vmas) {
		my $dump = sprintf '%s-%x', $file, $_->[0];

		ok(slurp($dump) eq $_->[2], sprintf '%s: memory %08x-%08x', $where, (@$_)[0, 1]);
		unlink $dump;
	}
}

# Base and limit of a descriptor (SDM 3 §3.4.5).
sub base_and_limit
{
	no warnings 'portable';    # 64 bits
	my $d = hex shift;
	return [ $d >> 16 & 0xffffff | $d >> 32 & 0xff000000, $d & 0xffff | $d >> 32 & 0xf0000 ];
}

sub notes_are_known
{
	my ($core, $where) = @_;
	my $said = qx(eu-readelf --notes --program-headers '$core' 2>&1);

	is($?, 0, "$where: eu-readelf reads the core");
	unlike($said, qr/unknown|invalid|cannot|bad /i, 'and knows every note') or diag($said);
	return $said;
}

sub notes_are_right
{
	my ($core, $where, %image) = @_;
	my $said = notes_are_known($core, $where);

	for (6 .. 8) {
		my ($base, $limit) = $said =~ /index: $_, base: (\w+), limit: (\w+)/;
		is_deeply([ hex $base, hex $limit ], base_and_limit($image{"gdt$_"}), "$where: TLS entry $_");
	}
	like($said, qr/ AUXV\n(    .*\n)*    PAGESZ: 4096\n(    .*\n)*    NULL\n/, "$where: the auxiliary vector");
}

# from-core is the inverse, but for what a core has no place for: debug registers, descriptors; the heap's end within its page.
sub comes_back
{
	my ($image, $core, $where) = @_;
	my ($status, $said) = cr86('from-core', $core, '-o', "$image.back");
	my @lost;

	is($status, 0, "$where: back by from-core") or diag($said);
	for (split /\n/, (cr86('diff', $image, "$image.back"))[1]) {
		my ($before, $after) = map { hex } /^MM\.(?:start_)?brk: A=(\w+) B=(\w+)/;
		push @lost, $_ unless /^(?:CPU\.(?:debugreg\d|uses_debug)|descriptor \d+:) / || ($before && ($before + 0xfff & ~0xfff) == $after);
	}
	is(join("\n", @lost), '', 'and nothing is lost');
}

sub core_of
{
	my ($image, $where) = @_;
	my ($status, $said) = cr86('core', $image, '-o', "$image.core");

	is("$status$said", 0, "$where: a core");
	return "$image.core";
}

sub check_core
{
	my ($image, $program, $where) = @_;
	my %image = image_registers($image);
	my $core = core_of($image, $where);

	registers_are_gdbs($image, $core, $where, %image);
	notes_are_right($core, $where, %image);
	memory_is_gdbs($image, $core, $where);
	comes_back($image, $core, $where);
	return if $program eq 'traveller';    # it has other things in esp and ebp than a stack
	like(gdb([ "$root/build/programs/$program", $core ], 'bt'), qr/^#\d .* in main \(argc=1, /m, "$where: bt ends in main");
}

for (@machines) {
	my ($machine, $ticks, $hz) = @$_;
	my @programs = sort keys %$ticks;
	my $run = boot(@$machine, '--append',
		"selftest=no hz=$hz after=destroy checkpoint=" . join(',', map { "$_\@$ticks->{$_}" } @programs), modules(@programs));

	problems_of($run, "@$machine writes images");
	check_core("$run->{dir}/$_.img", $_, "$machine->[2] $_") for @programs;
}

# --- Images with something in every field, and in components that gdb shows but no emulator here has ---

system("$root/build/unit/sample", scratch()) == 0 or BAIL_OUT('no sample images');
for my $name (qw(registers fsave xstate)) {
	my $image = scratch() . "/$name.img";
	my $core = core_of($image, $name);

	registers_are_gdbs($image, $core, $name, image_registers($image));
	notes_are_known($core, $name);
}
for my $name (qw(unused memory)) {
	notes_are_known(core_of(scratch() . "/$name.img", $name), $name);
}
memory_is_gdbs(scratch() . '/memory.img', scratch() . '/memory.img.core', 'memory');

my ($status, $said) = cr86('core', scratch() . '/xstate-tile.img', '-o', scratch() . '/tile.core');
is($status, 2, 'a component of a size that it does not have in an XSAVE area');
like($said, qr/xstate-tile\.img: XSTATE\.XTILEDATA has 1024 bytes, expected 8192/, 'is named');
is(join(' ', glob scratch() . '/tile.core*'), '', 'and nothing is left behind');

# A hole takes no space: 16 blocks of 512 bytes are more than two pages and what stands before them.
is((stat scratch() . '/memory.img.core')[12] < 64, 1, 'pages of zeros are holes');
done_testing();
