# SPDX-License-Identifier: GPL-2.0-only
#
# Linux programs: what one prints natively, and what it printed on the consoles of machines.
package Programs;

use strict;
use warnings;
use Exporter qw(import);
use FindBin;
use lib $FindBin::Bin;
use Machine;

our @EXPORT = qw(native runs_natively output_of debian_i386);

# Standard output and exit status of a program under Linux itself: native([NAME, ARG...], file => PATH, stdin => FILE,
# environment => { ... }, dir => DIR). Its output is a pipe, its first argument is its name, as in cr86.
sub native
{
	my ($argv, %o) = @_;
	my $pid = open(my $pipe, '-|') // die "fork: $!";

	if (!$pid) {
		%ENV = %{ $o{environment} // {} };
		open STDIN, '<', $o{stdin} // '/dev/null' or die "$o{stdin}: $!";
		chdir $o{dir} or die "$o{dir}: $!" if defined $o{dir};
		exec { $o{file} } @$argv or die "$o{file}: $!";
	}
	binmode $pipe;
	my $said = do { local $/; <$pipe> } // '';
	close $pipe;
	return ($said, $? >> 8);
}

# Whether this machine runs programs for i386 at all.
sub runs_natively
{
	my ($said) = eval { native(['start'], file => "$root/build/linux/start") };
	return defined $said && length $said;
}

# What the task called NAME wrote to the consoles of one machine after the other, byte for byte: a line "[PID NAME]+" goes
# on with the task's last one.
sub output_of
{
	my ($name, @machines) = @_;
	my $comm = substr $name, 0, 15;
	my $text = '';
	my $open = 0;

	for my $line (map { split /\n/, slurp("$_->{dir}/console.log") } @machines) {
		$line =~ s/\r$//;
		next unless $line =~ s/^\[\d+ \Q$comm\E\](\+?) //;
		$text .= "\n" if $open && !$1;
		$text .= $line;
		$open = 1;
	}
	$text .= "\n" if $open && !grep { slurp("$_->{dir}/console.log") =~ /^# \[\d+ \Q$comm\E\] its last line has no end/m } @machines;
	return $text;
}

# The files of Debian's packages for i386, in a directory that they are unpacked to; undef and why where that cannot be.
# apt's own lists and architectures are left alone.
sub debian_i386
{
	my (@packages) = @_;
	my $dir = "$root/build/debian-i386";
	my $said = qx(timeout 120 $root/tests/debian-i386 $dir @packages 2>&1);

	return $? ? (undef, 'Debian\'s packages for i386 cannot be had: ' . ((split /\n/, $said)[-1] // 'no answer')) : ($dir);
}

1;
