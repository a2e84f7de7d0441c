# SPDX-License-Identifier: GPL-2.0-only
#
# For the tests that boot machines: one call boots one by its adapter; and the host command.
package Machine;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use Test::More;

our @EXPORT = qw($root scratch boot begin finish modules tests_of problems_of restarts outcome_of cr86 image_records image_registers number gdb slurp
	write_file);
our $root = abs_path(dirname(__FILE__) . '/..');

my $scratch;
my $boots = 0;

sub scratch
{
	return $scratch //= tempdir('cr86-test-XXXXXX', TMPDIR => 1, CLEANUP => 1);
}

# All ring-3 programs that are to end and to pass, or those named, as adapter options.
sub modules
{
	my @names = @_ ? @_ : map { s{.*/}{}r } sort grep { !m{/(crash_|bench|spin|counter|hostile)} } glob "$root/build/programs/*";
	return map { ('--module', "$root/build/programs/$_") } @names;
}

# boot("qemu", "--cpu", ...): what came of it. begin() and finish() are its halves, for two machines at the same time.
sub boot
{
	return finish(begin(@_));
}

sub begin
{
	my ($engine, @arguments) = @_;
	my $dir = scratch() . "/boot" . ++$boots;

	my $pid = open my $pipe, "-|", "$root/tests/engines/$engine", "--out", $dir, @arguments or die "$engine: $!";
	return { dir => $dir, name => "$engine @arguments", pipe => $pipe, pid => $pid };
}

sub finish
{
	my ($machine) = @_;
	my $pipe = delete $machine->{pipe};

	$machine->{output} = do { local $/; <$pipe> } // "";
	close $pipe;
	$machine->{status} = $? >> 8;
	$machine->{console} = slurp("$machine->{dir}/console.log") =~ s/\r//gr;
	return $machine;
}

sub slurp
{
	my ($name) = @_;
	open my $file, '<:raw', $name or return '';
	local $/;
	return scalar(<$file>) // '';
}

# Returns the name.
sub write_file
{
	my ($name, $text) = @_;
	open my $file, '>:raw', $name or die "$name: $!";
	print $file $text;
	close $file or die "$name: $!";
	return $name;
}

# Prints a machine's tests as our own.
sub tests_of
{
	my ($machine) = @_;
	my $builder = Test::More->builder;

	for (split /\n/, $machine->{output}) {
		if (/^(not )?ok \d+\s*(?:- )?(.*?)(?:\s*#\s*SKIP\b\s*(.*))?$/i) {
			defined $3 ? $builder->skip("$2: $3") : $builder->ok(!$1, $2);
		} elsif (/^1\.\.0\s*#\s*SKIP\s*(.*)/i) {
			$builder->skip($1);
		}
	}
	diag($machine->{output}) if $machine->{status};
}

# Is the machine's run good as a whole? One test; says why not.
sub problems_of
{
	my ($machine, $what) = @_;
	is($machine->{status}, 0, $what) or diag($machine->{output});
}

# How often every= has restarted a program.
sub restarts
{
	my ($machine, $name) = @_;
	return $machine->{console} =~ /^# $name was restarted (\d+) times$/m ? $1 : 0;
}

# A command's exit status, and what it said.
sub outcome_of
{
	my (@command) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec @command or die "$command[0]: $!";
	}
	my $said = do { local $/; <$pipe> } // '';
	close $pipe;
	return ($? >> 8, $said);
}

# cr86('diff', A, B): the same, of the host command.
sub cr86
{
	return outcome_of("$root/build/cr86", @_);
}

# What `cr86 show --json` says of an image's records; and of its registers alone, name => hexadecimal digits.
sub image_records
{
	my ($file) = @_;
	my ($status, $said) = cr86('show', '--json', $file);

	is($status, 0, 'the image is good') or BAIL_OUT($said);
	return @{ decode_json($said)->{records} };
}

sub image_registers
{
	my ($file) = @_;
	my %value;

	for my $record (image_records($file)) {
		for my $group (grep { ref $_ eq 'HASH' } values %$record) {
			$value{$_} = $group->{$_}{value} for grep { ref $group->{$_} eq 'HASH' } keys %$group;
		}
	}
	return %value;
}

# Digits from anybody: without 0x, leading zeros and what divides them.
sub number
{
	my ($hex) = @_;
	return $hex =~ s/[\s_]//gr =~ s/^(0x)?0*(?=.)//r;
}

# gdb([FILE...], COMMAND...): what it said.
sub gdb
{
	my ($files, @commands) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec qw(timeout -k 5 120 gdb -q -nx -batch), map({ ('-ex', $_) } @commands), @$files or die "gdb: $!";
	}
	my $said = do { local $/; <$pipe> } // '';
	close $pipe;
	return $said;
}

1;
