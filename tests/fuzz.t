#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# tests/fuzz.t TARGET     one fuzz target, tests/fuzz/TARGET_fuzz.c
#
# Inputs that once were found to break something; then new ones: a fixed number, always the same, made of the unit tests'
# samples. With FUZZ=SECONDS in the environment: as many as that time allows, made of images and logs of every engine
# (make fuzz has them written), going on from what earlier runs have found (build/fuzz/corpus). An input that breaks
# something is kept in build/fuzz/artifacts.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use File::Path qw(make_path);
use Machine qw($root scratch);
use Test::More;

# target => the seeds it takes, and how many inputs are tried without FUZZ: a few seconds' worth
my %targets = (
	reader => [ 'images', 20_000 ], show => [ 'images', 6_000 ], diff => [ 'pairs', 4_000 ],
	armour => [ 'logs', 10_000 ], core => [ 'cores', 2_000 ], extract => [ 'logs', 5_000 ], options => [ undef, 100_000 ], printf => [ undef, 100_000 ],
);

my ($target) = @ARGV;
my ($kind, $runs) = @{ $targets{ $target // '' } // die "usage: tests/fuzz.t TARGET, one of: @{[ sort keys %targets ]}\n" };
my $seconds = $ENV{FUZZ};

chdir $root or die "$root: $!";
$ENV{TMPDIR} = scratch();
make_path('build/fuzz/artifacts');

# Runs the target. One test, named after what it did; where it failed: why, and how to repeat it.
sub fuzz
{
	my ($what, @arguments) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec "build/fuzz/$target", "-artifact_prefix=build/fuzz/artifacts/$target-", @arguments
			or die "build/fuzz/$target: call make\n";
	}
	my $said = do { local $/; <$pipe> } // '';
	my $good = close $pipe;
	my ($executed) = $said =~ /^stat::number_of_executed_units:\s*(\d+)/m;
	my ($edges) = $said =~ /.*\bcov: (\d+)/s;
	my ($input) = $said =~ /^.*Test unit written to (\S+)$/m;

	$what .= defined $executed ? ", $executed inputs" . (defined $edges ? ", $edges edges" : '') : '';
	ok($good, "$target: $what") and return;
	diag(grep { /^does not hold|runtime error|^SUMMARY|^\s+#\d+ .* in .*\Q$root\E/ } map { "$_\n" } split /\n/, $said);
	diag("repeat: build/fuzz/$target ", $input // $arguments[-1]);
}

my @found = glob "tests/fuzz/found/$target/*";
fuzz('found before', $_) for @found;

my $seeds = 'build/fuzz/seeds';
my $corpus = "build/fuzz/corpus/$target";
if (!$seconds) {
	($seeds, $corpus) = map { scratch() . "/$_" } qw(seeds corpus);
	system('tests/fuzz/make-seeds', $seeds) == 0 or BAIL_OUT('no seeds');
}
make_path($corpus);

# Room for more than the largest has: two pages or a whole LDT.
my ($largest) = sort { $b <=> $a } 0, map { -s } $kind ? glob "$seeds/$kind/*" : ();
fuzz($seconds ? "$seconds s" : 'a slice', $seconds ? "-max_total_time=$seconds" : ("-runs=$runs", '-seed=1'),
	'-timeout=60', '-print_final_stats=1', '-len_control=0',
	'-max_len=' . ($largest + 8192), $corpus, $kind ? "$seeds/$kind" : ());
done_testing();
