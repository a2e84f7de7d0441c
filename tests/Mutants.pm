# SPDX-License-Identifier: GPL-2.0-only
#
# tests/mutants: kernels with one step broken, each a line FILE: TEXT [=> REPLACEMENT].
package Mutants;

use strict;
use warnings;
use Exporter qw(import);
use Machine;

our @EXPORT = qw(mutants times_found mutate);

# A hash for each line: where it stands, what it was, and its file, old and new text.
sub mutants
{
	my @mutants;
	open my $lines, '<', "$root/tests/mutants" or die "tests/mutants: $!";

	while (<$lines>) {
		next if /^\s*(#|$)/;
		my ($file, $old, $new) = /^(\S+): (.*?)(?: => (.*))?$/ or die "tests/mutants:$.: FILE: TEXT [=> REPLACEMENT]\n";
		push @mutants, { where => "tests/mutants:$.", line => $_, file => $file, old => $old,
			new => $new // ($old =~ /;$/ ? ';' : '') };
	}
	return @mutants;
}

# How often its text stands in its file: once, else it is not known what is to be broken.
sub times_found
{
	my ($mutant, $source) = @_;
	return scalar(() = $source =~ /\Q$mutant->{old}\E/g);
}

sub mutate
{
	my ($mutant, $source) = @_;
	return $source =~ s/\Q$mutant->{old}\E/$mutant->{new}/r;
}

1;
