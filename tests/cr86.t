#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The host command, from outside: what it prints, what it returns, what it leaves behind.
#
#   prove tests/cr86.t     after make build/cr86 build/unit/sample
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $build = abs_path(dirname(abs_path($0)) . '/../build');
my $dir = tempdir(CLEANUP => 1);
binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output;
system("$build/unit/sample", $dir) == 0 or BAIL_OUT("no sample images");

# Runs cr86 in the directory of the images. Returns exit status, standard output, standard error.
sub cr86 {
	my @quoted = map { "'$_'" } @_;
	my $out = qx(cd '$dir' && '$build/cr86' @quoted 2>stderr);
	utf8::decode($out);
	return ($? >> 8, $out, slurp('stderr'));
}

sub slurp {
	my ($name) = @_;
	open my $f, '<:raw', "$dir/$name" or die "$name: $!";
	local $/;
	return <$f> // '';
}

sub spew {
	my ($name, $bytes) = @_;
	open my $f, '>:raw', "$dir/$name" or die "$name: $!";
	print $f $bytes;
	close $f or die "$name: $!";
}

sub files {
	my ($name) = @_;
	opendir my $d, "$dir/$name" or return 'no directory';
	return join ' ', sort grep { !/^\.\.?$/ } readdir $d;
}

# --- help, version, arguments ---

for my $command ([], ['show'], ['diff'], ['check'], ['extract'], ['core'], ['from-core']) {
	my ($status, $out, $err) = cr86(@$command, '--help');
	is($status, 0, "cr86 @$command --help succeeds");
	like($out, qr/^NAME\n.*^SYNOPSIS\n.*^DESCRIPTION\n.*^OPTIONS\n.*^EXIT STATUS\n.*^EXAMPLES\n/ms, 'and is a manual page');
	is($err, '', 'on standard output');
	unlike($out, qr/^.{111,}$/m, 'with lines that fit a window');
}
like((cr86('--version'))[1], qr/^cr86 \d+\.\d+\.\d+$/, 'cr86 --version');
for my $wrong ([], ['nothing'], ['show'], ['show', 'a', 'b'], ['show', '--xml', 'a'], ['diff', 'a'], ['diff', 'a', 'b', 'c'],
	['check'], ['extract', 'a'], ['extract', '-o', 'a'], ['extract', 'a', '-o'], ['extract', 'a', 'b', '-o', 'c'],
	['extract', 'a', '-o', 'b', '-o', 'c'], ['core', 'a'], ['core', '-o', 'a'], ['core', 'a', '--program', 'b', '-o', 'c'],
	['from-core', 'a'], ['from-core', 'a', '-o', 'b', '--program']) {
	my ($status, $out, $err) = cr86(@$wrong);
	is("$status$out", 2, "cr86 @$wrong: status 2, nothing on standard output");
	like($err, qr/^cr86.*\nTry 'cr86.* --help'\.\n\z/, 'and where help is');
}

# --- check ---

{
	my $good = slurp('registers.img');
	my ($status, $out, $err) = cr86('check', 'registers.img', 'memory.img', 'fsave.img');
	is($status, 0, 'check: good images');
	is(scalar(() = $out =~ /^\S+: ok: .*\n/mg), 3, 'a line for each');

	spew('short.img', substr $good, 0, 1000);
	spew('long.img', $good . 'x');
	spew('two.img', $good . $good);
	spew('empty.img', '');
	my $flags = $good;
	substr($flags, 480, 1) = "\x00";
	spew('flags.img', $flags);
	($status, $out, $err) = cr86('check', 'short.img', 'registers.img', 'long.img', 'two.img', 'empty.img', 'flags.img', 'none.img', '.');
	is($status, 2, 'check: bad images among good ones');
	like($out, qr/^registers\.img: ok: [^\n]*\n\z/, 'the good one is told');
	like($err, qr/^cr86: short\.img: CPU at offset 1000: .*\(EPIPE\)$/m, 'an image cut off: record and offset');
	like($err, qr/^cr86: long\.img: 1 bytes at offset 1136: expected none after TAIL$/m, 'a byte after TAIL');
	like($err, qr/^cr86: two\.img: 1136 bytes at offset 1136: expected none after TAIL$/m, 'two images');
	like($err, qr/^cr86: empty\.img: HEAD at offset 0: .*\(EPIPE\)$/m, 'an empty file');
	like($err, qr/^cr86: flags\.img: CPU\.flags at offset 480: found 0x240e00, expected .*\(EINVAL\)$/m,
		'a wrong field: record, field, offset, found, expected');
	like($err, qr/^cr86: none\.img: No such file/m, 'no file');
	like($err, qr/^cr86: \.: Is a directory/m, 'a directory');
	is(scalar(() = $err =~ /\n/g), 7, 'a line for each');
}

# --- show ---

{
	my ($status, $out) = cr86('show', 'memory.img');
	is($status, 0, 'show: an image with memory');
	like($out, qr/^\Q$_\E$/m, "it prints: $_") for (
		'HEAD at offset 0, 224 bytes', 'FILES at offset 12980, 8 bytes', 'THREAD at offset 13155, 8 bytes and 24 raw, parent 7', '    access                r-x',
		'        0804a000 0804c000', '        eflags        00240ed7  CF PF AF ZF SF IF DF OF AC ID', '        cs            0073',
		'        ST0           0908_0706050403020100  tag special', '        MXCSR         00007fc0  DAZ IM DM ZM OM UM PM RC=3',
		'        YMM0_Hi128    11100f0e0d0c0b0a_0908070605040302', '        K7            44434241403f3e3d',
		'        DR7           00d00305  L0 L1 LE GE R/W1=1 LEN1=3');
	like($out, qr/gdt6 .*base 0804a000, limit 00000fff, segment data, read\/write, accessed$/m, 'TLS descriptors decoded');
	like($out, qr/gdt7 .*base 12345000, limit 0000ffff, segment data, read\/write$/m, 'limits in bytes');
	like($out, qr/ldt\[2\] .*base 00000000, limit 00000fff/, 'LDT descriptors decoded');
	unlike((cr86('show', 'unused.img'))[1], qr/FCW/, 'no x87 registers where there is no x87 state');
	like((cr86('show', 'fsave.img'))[1], qr/FTW +bffe .*^ +ST0 +\w+  tag special\n +ST1 +\w+  tag special\n +ST2 +\w+  tag empty\n/ms, 'tags of an FSAVE image');
	like($out, qr/^ +ST0 +\w+  tag special\n +ST1 +\w+  tag special\n +ST2 +\w+  tag empty\n/m, 'and of an FXSAVE image');
	like((cr86('show', 'xstate-short.img'))[1], qr/YMM0_Hi128 +11100f0e0d0c0b0a_0908070605040302\n( +YMM[1-7]_Hi128 +0{16}_0{16}\n){7}/,
		'registers of which a component has no bytes are zero');
	unlike((cr86('show', 'memory-ldt.img'))[1], qr/\x9b/, 'a name with an 8-bit escape sequence is made harmless');
	($status, $out) = cr86('show', 'flags.img');
	is("$status$out", 2, 'show: a bad image prints nothing and has status 2');
}
for my $name (qw(registers unused fsave xstate xstate-tile memory memory-ldt)) {
	my ($status, $text) = cr86('show', '--json', "$name.img");
	my $json = eval { JSON::PP->new->utf8(0)->decode($text) };
	ok($status == 0 && $json, "show --json $name.img is JSON") or diag($@);
	my ($cpu) = grep { $_->{record} eq 'CPU' } @{$json->{records}};
	is($cpu->{'general registers'}{eflags}{bits}{ZF}, 1, 'with bits by name');
	my $lines = () = (cr86('show', "$name.img"))[1] =~ / at offset \d+/g;
	is(scalar @{$json->{records}}, $lines, 'and as many records as the text');
}

# --- diff ---

sub diff_is {
	my ($options, $a, $b, $status, @lines) = @_;
	my ($got, $out) = cr86('diff', @$options, "$a.img", "$b.img");
	is($out, join('', map { "$_\n" } @lines), "diff @$options $a $b");
	is($got, $status, "status $status");
}

diff_is([], $_, $_, 0) for qw(registers fsave unused xstate memory);
diff_is([], 'registers', 'changed', 1,
	'THREAD.tls[1] (gdt7): A=12c0f2345000000f B=12c0f23450000010  bits: limit_15_0 f→10',
	'CPU.ax (eax): A=a0a0a0a0 B=a0a0a0a1',
	'CPU.flags (eflags): A=00240ed7 B=00240e96  bits: CF 1→0, ZF 1→0',
	'CPU.xstate.mxcsr (MXCSR): A=00007fc0 B=00001f80  bits: DAZ 1→0, RC 3→0');
diff_is([], 'registers', 'writer', 0);
diff_is(['--all'], 'registers', 'writer', 1, 'HEAD.patch: A=0 B=1', 'HEAD.time: A=2008-09-15T00:00:00Z B=2008-09-15T00:00:01Z',
	'HEAD.release: A=cr86 0.1.0 B=another release', 'HEAD.version: A=GenuineIntel 6/8/3 B=AuthenticAMD 25/1/1',
	'THREAD.cr_hdr.parent: A=7 B=12');
diff_is([], 'fsave', 'fxsave', 0);
diff_is([], 'fxsave', 'fsave', 0);
diff_is(['--all'], 'fsave', 'fxsave', 1, 'CPU.has_fxsr (has_fxsr): A=0 B=1');
diff_is([], 'xstate', 'xstate-changed', 1,
	'XSTATE.AVX.ymm_hi128[1] (YMM1_Hi128): A=21201f1e1d1c1b1a_1918171615141312 B=21201f1e1d1c1b1a_191817161514ec12',
	'XSTATE.PKRU.pkru (PKRU): A=0c0b0a09 B=0c0b0a05  bits: AD1 0→1, WD1 1→0');
diff_is([], 'signal', 'signal-changed', 1, 'SIGNAL.blocked: A=00000800 B=00000000',
	'SIGNAL.SIGUSR1: A=handler 08048200, flags 0c000004, mask 0000000100000000, restorer 08048300, pending: si_code -6, si_pid 3 ' .
	'B=handler 08048200, flags 0c000004, mask 0000000100000001, restorer 08048300, pending: si_code -6, si_pid 3');
{
	my ($status, $out) = cr86('diff', 'signal.img', 'registers.img');
	is($status, 1, 'diff: no SIGNAL record stands for signals as in a new task');
	like($out, qr/^SIGNAL\.blocked: A=00000800 B=00000000$/m, 'and is compared as such');
	($status, $out) = cr86('show', 'signal.img');
	like($out, qr/^SIGNAL at offset 1120, 2608 bytes, parent 7$/m, 'show: a SIGNAL record');
	like($out, qr/^    trap_nr +14$/m, 'its fields');
	like($out, qr/^    SIGUSR1 +handler 08048200, .* si_pid 3$/m, 'and what is not as in a new task');
}
diff_is([], 'program', 'program-other', 1, 'PROGRAM.crc32: A=12345678 B=12345679');
diff_is([], 'program', 'program-moved', 1, 'PROGRAM: A=/module/traveller B=/module/traveler');
{
	my ($status, $out) = cr86('show', 'program.img');
	like($out, qr{^    vm_pgoff +00000001\n.*^FNAME at .*\n +name +/module/traveller\n.*^PROGRAM at .*\n +size +16128\n}ms, 'show: a program\'s memory');
	unlike((cr86('diff', 'program.img', 'memory.img'))[1], qr/PROGRAM|pgoff/, 'diff: that memory is a file\'s is no difference');
}
diff_is([], 'memory', 'memory-changed', 1, 'memory at 0804a088: A=d2 B=d3');
diff_is([], 'memory', 'memory-vma', 1,
	'VMA: A=0804a000-0804d000 rw- B=0804a000-0804e000 rw-',
	'memory at 0804c000: A=4c B=00  the first of 4080 differing bytes in its page');
diff_is([], 'memory-vma', 'memory', 1,
	'VMA: A=0804a000-0804e000 rw- B=0804a000-0804d000 rw-',
	'memory at 0804c000: A=00 B=4c  the first of 4080 differing bytes in its page');
diff_is([], 'memory', 'memory-page', 1, 'memory at 0804a000: A=4a B=00  the first of 4080 differing bytes in its page');
diff_is([], 'memory-page', 'memory', 1, 'memory at 0804a000: A=00 B=4a  the first of 4080 differing bytes in its page');
diff_is([], 'memory', 'memory-fds', 1, 'descriptor 1: A=/dev/console flags 1 at 12 B=/dev/console flags 1 at 0',
	'descriptor 3: A=/module/traveller flags 0 at 74565 B=none',
	'descriptor 4: A=none B=/module/traveller flags 0 at 74565');
diff_is([], 'memory', 'memory-ldt', 1, 'STRING.comm: A=traveller B=a"b\\x5cc\\x9b[1m',
	'MM_CONTEXT.ldt[0] (ldt[0]): A=0000000000000000 B=0040f30000000fff  ' .
	'bits: limit_15_0 0→fff, type 0→3, S 0→1, DPL 0→3, P 0→1, D 0→1');
diff_is([], 'xstate', 'xstate-tile', 1, 'XSTATE.XTILEDATA.byte[0]: A=00 B=12', 'XSTATE.XTILEDATA.byte[1]: A=00 B=13');
{
	my ($status, $out) = cr86('diff', 'xstate.img', 'xstate-avx.img');
	is($status, 1, 'diff: a component that one image lacks');
	like($out, qr/^XSTATE\.PKRU\.pkru \(PKRU\): A=0c0b0a09 B=00000000  bits: /m, 'is compared with its initial state');
	($status, $out) = cr86('diff', 'registers.img', 'memory.img');
	like($out, qr/^MM: A=registers only B=memory$/m, 'diff: only one image has memory');
	($status, $out) = cr86('diff', 'registers.img', 'flags.img');
	is("$status$out", 2, 'diff: trouble is status 2');
}

# --- extract ---

{
	my ($status, $out) = cr86('extract', 'console.log', '-o', 'images');
	is($status, 0, 'extract: a serial log');
	is(files('images'), 'results.tap traveller-2.img traveller.img', 'two images of one name');
	is(slurp('images/traveller.img'), slurp('registers.img'), 'the first is as it was');
	is(slurp('images/traveller-2.img'), slurp('registers.img'), 'the second, too');
	is($out =~ s/^\S*results.*\n//mr, "images/traveller.img: 1136 bytes\nimages/traveller-2.img: 1136 bytes\n", 'each is told');

	my $log = slurp('console.log');
	(my $damaged = $log) =~ s/^(.*\n){30}\K./?/m;
	spew('damaged.log', $damaged);
	($status, $out, my $err) = cr86('extract', 'damaged.log', '-o', 'damaged');
	is($status, 2, 'extract: a damaged line in the second image');
	like($err, qr/^cr86: damaged\.log: line 31: /, 'refused with its number');
	is(files('damaged'), 'no directory', 'and nothing is written, not even the first image');
	spew('cut.log', $log =~ /^((?:.*\n){8})/);
	like((cr86('extract', 'cut.log', '-o', 'cut'))[2], qr/^cr86: cut\.log: line \d+: the log ends inside image/, 'a log cut off');
	spew('huge.log', "-----BEGIN CR86 IMAGE x 4294967295-----\n");
	like((cr86('extract', 'huge.log', '-o', 'huge'))[2], qr/^cr86: huge\.log: line 1: /, 'a size beyond all limits');
	spew('none.log', "SeaBIOS\n1..0\n");
	($status, $out, $err) = cr86('extract', 'none.log', '-o', 'none');
	is($status, 1, 'a log without results and images: status 1');
	is($err, "cr86: none.log: no image, and no results\n", 'and says so');
}
{
	# The checksum is zlib's CRC-32 of the result lines, as `printf 'ok 1 - anot ok 2 - b' | gzip | tail -c8 | od -tx4` has it.
	my ($tap, $verdict) = ("TAP version 13\n# CPU\nok 1 - a\n# why\nnot ok 2 - b\n1..2\n", "# FAILED: 1 of 2 failed, checksum 8666ee93\n");
	my $armour = slurp('console.log') =~ s/^(?!-----)[^\n]*[ .:][^\n]*\n//mgr;
	my $log = "BIOS\r\n\e[2J\e[01;37m" . $tap =~ s/\n/\r\n/gr . $armour . $verdict =~ s/\n/\r\n/r . "ok 3 - dumped\n";
	spew('both.log', $log . $tap);
	my ($status, $out) = cr86('extract', 'both.log', '-o', 'both');

	is($status, 0, 'extract: results and images');
	is(files('both'), 'results-2.tap results.tap traveller-2.img traveller.img', 'of two boots, the second of which died');
	like(slurp('both/results.tap'), qr/\A\Q$tap\E.*^\Q$verdict\E\z/ms, 'from the header to the verdict, without what the line adds');
	is(slurp('both/traveller.img'), slurp('registers.img'), 'an image among them is as it was');
	is(slurp('both/results-2.tap'), $tap, 'what there is of the second');
	like($out, qr{^both/results\.tap: 2 results, 1 of them failed\nboth/results-2\.tap: 2 results, 1 of them failed; the log has no verdict$}m,
		'each is told');

	spew('lost.log', $log =~ s/^ok 1 - a\r\n//mr);
	($status, undef, my $err) = cr86('extract', 'lost.log', '-o', 'lost');
	is($status, 2, 'a log that has lost a result');
	like($err, qr/^cr86: lost\.log: line \d+: the verdict's checksum is not that of the 1 results above/, 'is refused, with the line');
	is(files('lost'), 'no directory', 'and nothing is written');
}
{
	spew('debug.bin', "noise\n" . slurp('registers.img') . "\0\xff" . slurp('memory.img') . slurp('memory-ldt.img') . 'end');
	my ($status) = cr86('extract', 'debug.bin', '-o', 'debug');
	is($status, 0, 'extract: a debug-port capture');
	is(files('debug'), 'a_b_c__1m.img traveller-2.img traveller.img', 'named after the tasks, fit for a file system');
	is(slurp('debug/traveller-2.img'), slurp('memory.img'), 'the bytes are as they were');
	spew('cut.bin', slurp('registers.img') . substr slurp('memory.img'), 0, 9000);
	my ($cut, $out, $err) = cr86('extract', 'cut.bin', '-o', 'cut');
	is($cut, 2, 'extract: a capture that ends inside an image');
	like($err, qr/^cr86: cut\.bin: image at offset 1136: .*\(EPIPE\)$/, 'refused with its offset');
	is(files('cut'), 'no directory', 'and nothing is written');
	mkdir "$dir/full";
	mkdir "$dir/full/traveller.img";
	is((cr86('extract', 'console.log', '-o', 'full'))[0], 2, 'extract: a file that cannot be written');
	is(files('full'), 'traveller.img', 'leaves no temporary file behind');
}
{
	mkdir "$dir/cores";
	is((cr86('core', 'flags.img', '-o', 'cores/a'))[0], 2, 'core: a bad image');
	is((cr86('from-core', 'registers.img', '-o', 'cores/a'))[0], 2, 'from-core: an image is no core');
	mkdir "$dir/cores/full";
	is((cr86('core', 'registers.img', '-o', 'cores/full'))[0], 2, 'core: a file that cannot be written');
	is(files('cores'), 'full', 'neither leaves anything behind');
}
is(system("'$build/cr86' show '$dir/registers.img' >/dev/full 2>/dev/null") >> 8, 2, 'a full disk is no success');

done_testing();
