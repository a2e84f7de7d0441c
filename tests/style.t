#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The style of all sources: clang-format, shellcheck, perl's own check, the licence line. One test a file and check. And
# `make mutants` still finds what it is to break.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Find qw(find);
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Mutants;
use Test::More;

chdir dirname(abs_path($0)) . '/..' or die "$!\n";

my %first;    # file => first line
find({
	no_chdir => 1,
	wanted => sub {
		return $File::Find::prune = 1 if m{^\./(build|\.git)$};
		return unless -f && open my $file, '<', $_;
		$first{ s{^\./}{}r } = <$file> // '';
	},
}, '.');

sub check
{
	my ($file, @command) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec @command, $file or die "$command[0]: $!\n";
	}
	my $said = do { local $/; <$pipe> };
	ok(close($pipe), "$command[0] $file") or diag($said);
}

sub licence
{
	my ($file) = @_;
	open my $handle, '<', $file or die "$file: $!";
	my $head = join '', map { scalar(<$handle>) // '' } 1 .. 4;
	like($head, qr/SPDX-License-Identifier: GPL-2\.0-only/, "licence line $file");
}

for my $file (sort keys %first) {
	my $interpreter = $first{$file} =~ /^#!(.*)/ ? $1 : '';
	my $c = $file =~ /\.[ch]$/;
	my $shell = $interpreter =~ m{/(ba)?sh\b};
	my $perl = $interpreter =~ /perl/ || $file =~ /\.pm$/;

	check($file, qw(clang-format --dry-run --Werror)) if $c;
	check($file, 'shellcheck') if $shell;
	check($file, qw(perl -Itests -Itests/engines -wc)) if $perl;
	licence($file) if $c || $shell || $perl || $file =~ /\.(asm|inc|ld|mk)$/ || $file =~ /^Makefile$/;
}
is(join(' ', map { $_->{where} } grep { times_found($_, slurp("$root/$_->{file}")) != 1 } mutants()), '',
	'each text in tests/mutants stands once in its file');
done_testing();
