#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# Programs that do what ring 3 must not: each is ended with a report of its registers by name; the others go on.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

# Name in the machine, file, what the report must say.
my @crashes = (
	[ 'crash_cli', 'crash_insn', qr/#GP/ ],
	[ 'crash_hlt', 'crash_insn', qr/#GP/ ],
	[ 'crash_ud2', 'crash_insn', qr/#UD/ ],
	[ 'crash_kernel', 'crash_kernel', qr/#PF/ ],
	[ 'crash_stack', 'crash_stack', qr/#PF/ ],
	[ 'crash_text', 'crash_text', qr/#PF/ ],
);

for my $cell ([qw(qemu --cpu 486)], [qw(qemu --cpu max)], [qw(bochs --cpu p3_katmai)]) {
	my $machine = boot(@$cell, '--append', 'selftest=no', modules(qw(integers x87)),
		map { ('--module', "$root/build/programs/$_->[1]=$_->[0]") } @crashes);

	for my $crash (@crashes) {
		my ($name, undef, $exception) = @$crash;
		my ($report) = $machine->{console} =~ /^(# \[\d+ $name\] ended by .*\n(?:# (?!\[).*\n)*)/m;
		$report //= '';
		like($report, qr/^# \[\d+ $name\] ended by $exception/, "@$cell: $name is ended");
		my @missing = grep { $report !~ /\b$_\b/i }
			qw(eax ebx ecx edx esi edi ebp esp eip eflags cs ss ds es fs gs);
		is("@missing", '', "the report has all registers");
		like($machine->{output}, qr/^not ok \d+ - run $name /m, 'the run failed');
	}
	like($machine->{output}, qr/^ok \d+ - run $_$/m, "@$cell: $_ goes on") for qw(integers x87);
	like($machine->{output}, qr/^ok \d+ - engine:/m, 'and the machine ends well');
	is($machine->{status}, 1, 'but not as passed');
}
done_testing();
