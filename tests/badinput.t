#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# What is wrong is said, with file, record, field and offset, and ends in a failed test; the machine and the other tasks
# go on as they were. Nothing here may end in a fault of the kernel.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

# --- images that are none: [name, the bytes of a good image => those of the bad one, what must be said] ---

my @images = (
	[ 'truncated', sub { substr $_[0], 0, 60_000 }, qr/offset \d+: .*the image ends early \(EPIPE\)/ ],
	[ 'no_tail', sub { substr $_[0], 0, -16 }, qr/offset \d+: .*the image ends early \(EPIPE\)/ ],
	[ 'empty', sub { '' }, qr/HEAD at offset 0: .*\(EPIPE\)/ ],
	[ 'wrong_magic', sub { substr($_[0], 8, 1) = 'x'; $_[0] },
		qr/HEAD\.magic at offset 8: found .*expected .*\(EINVAL\)/ ],
	[ 'unknown_record', sub { substr($_[0], 232, 2) = pack 's', 777; $_[0] },
		qr/type at offset 232: found .*\(EINVAL\)/ ],
	[ 'text', sub { "This is no image.\n" x 100 }, qr/HEAD.* at offset 0: found .*\(EINVAL\)/ ],
);

my $written = boot('qemu', '--cpu', 'pentium3', '--append', 'selftest=no checkpoint=traveller@5,integers@2 after=destroy hz=1000',
	modules(qw(traveller integers)));
problems_of($written, 'good images');
my $good = slurp("$written->{dir}/traveller.img");

for (@images) {
	my ($name, $spoil) = @$_;
	write_file(scratch() . "/$name.img", $spoil->(my $copy = $good));
}

my @names = map { $_->[0] } @images;
my $restart = join ',', @names, 'integers', 'nosuch';
for my $cell ([qw(qemu --cpu pentium3)], [qw(bochs --cpu p3_katmai)]) {
	my $machine = boot(@$cell, '--append', "selftest=no run=integers restart=$restart", modules('integers'),
		map { ('--module', scratch() . "/$_.img") } @names);

	my @others = ([ 'integers', undef, qr/HEAD.* at offset 0: found .*\(EINVAL\)/ ], [ 'nosuch', undef, qr/no module/ ]);
	for (@images, @others) {
		my ($name, undef, $says) = @$_;
		like($machine->{console}, qr/^(?:# |not ok .*)restart $name\b.*$says/m, "$cell->[0]: $name: says why");
		like($machine->{output}, qr/^not ok \d+ - restart $name\b/m, 'and fails');
	}
	like($machine->{output}, qr/^ok \d+ - run integers$/m, "$cell->[0]: the program beside them passes");
	like($machine->{output}, qr/^ok \d+ - engine:/m, 'and the machine ends well');
	is($machine->{status}, 1, 'but not as passed');
}

for (@images) {
	my ($name, undef, $says) = @$_;
	my ($status, $said) = cr86('check', scratch() . "/$name.img");
	is($status, 2, "cr86 check $name");
	like($said, qr/\Q$name.img\E: .*$says/, 'says why, and in which file');
}

# --- the module that an image's program is from: the same, another, none ---

# The image with INT3 wherever its program may execute.
sub without_text
{
	my ($image) = @_;
	my $vma = index $image, pack('s<2 L< L<2', 202, 48, 0, 2, 0);
	my $pgarr = index $image, pack('s<2 L<', 203, 8, 0), index $image, pack('Q<2', 5, 5), $vma;
	my $pages = unpack 'Q<', substr $image, $pgarr + 8, 8;

	substr($image, $pgarr + 16 + 4 * $pages, 4096 * $pages) = "\xcc" x (4096 * $pages);
	return $image;
}

my $program = slurp("$root/build/programs/integers");
my $image = slurp("$written->{dir}/integers.img");
my @modules = (
	[ 'the same one', 'from_module', without_text($image), $program, qr/^ok \d+ - run integers$/m ],
	[ 'none, but another file of its name', 'from_image', $image, "no program\n", qr/^ok \d+ - run integers$/m ],
	[ 'none, and no text', 'without_text', without_text($image), "no program\n", qr/^not ok \d+ - run integers # ended by #BP$/m ],
	[ 'another', 'other', $image, $program =~ s/checks passed/checks PASSED/r,
		qr{^# restart other: PROGRAM\.crc32 at offset \d+: found 0x[0-9a-f]+, expected crc32 [0-9a-f]+, as /module/integers here has}m ],
	[ 'a longer one', 'longer', $image, "$program\n",
		qr{^# restart longer: PROGRAM\.size at offset \d+: found 0x[0-9a-f]+, expected size [0-9a-f]+, as /module/integers here has}m ],
);
for (@modules) {
	my ($what, $name, $bytes, $module, $says) = @$_;
	my $machine = boot('qemu', '--cpu', 'pentium3', '--append', "selftest=no run=hello restart=$name", modules('hello'),
		'--module', write_file(scratch() . "/$name.img", $bytes), '--module', write_file(scratch() . '/integers', $module));

	like($machine->{output}, $says, "the module of an image's program: $what") or diag($machine->{output});
	like($machine->{output}, qr/^ok \d+ - run hello$/m, 'and the program beside it passes');
}

# --- options and modules ---

sub fails
{
	my ($what, $says, @arguments) = @_;
	my $machine = boot('qemu', '--timeout', 10, @arguments);

	like($machine->{console}, $says, $what);
	is($machine->{status}, 1, 'ends as failed');
	unlike($machine->{output}, qr/engine: .*(timeout|triple|reset|silence)/, 'and in order');
}

fails('an unknown option: the list of all', qr/^#\s+run=.*^#\s+hz=.*^# unknown option 'colour=red'/ms,
	'--append', 'colour=red selftest=no', modules('hello'));
fails('a value that an option does not have', qr/^# hz=7: expected hz=19 to 1000/m,
	'--append', 'hz=7', modules('hello'));
fails('a program that is not there', qr/^not ok \d+ - run nosuch # .*no module/m,
	'--append', 'selftest=no run=nosuch', modules('hello'));
fails('a program that is no ELF file', qr/^not ok \d+ - run text # /m,
	'--append', 'selftest=no run=text', '--module', scratch() . '/text.img');
fails('no module at all', qr/^(not ok|Bail out!).*\bno (module|program)/m, '--append', 'selftest=no');
fails('a module that overlaps the kernel', qr/^Bail out! .*a module overlaps the kernel/m,
	'--kernel', "$root/build/misbehave/overlap", '--module', "$root/build/kernel");
fails('too little memory', qr/^Bail out! .*memory/m, '--memory', 2, '--append', 'selftest=no', modules('hello'));
fails('a module that lies outside of memory', qr/^Bail out! .*memory/m,
	'--memory', 3, '--append', 'selftest=no', modules());
done_testing();
