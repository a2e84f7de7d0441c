# SPDX-License-Identifier: GPL-2.0-only
#
# A formatter for TAP::Harness that lets two formatters see the same tests: prove's, for whoever looks on, and
# TAP::Formatter::JUnit, which writes a file for CI systems.
package Tee;

use strict;
use warnings;
use TAP::Parser::ResultFactory;

# A known defect that passes is no failure here, so it is none in the file.
sub new
{
	my ($class, $prove, $file) = @_;

	eval { require TAP::Formatter::JUnit }
		or die "TAP::Formatter::JUnit is missing (Debian package libtap-formatter-junit-perl)\n";
	open my $handle, '>:encoding(UTF-8)', $file or die "$file: $!\n";
	$ENV{ALLOW_PASSING_TODOS} = 1;
	return bless [ $prove, TAP::Formatter::JUnit->new({ stdout => $handle, timer => 1 }) ], $class;
}

sub verbosity
{
	my ($tee) = @_;
	return $tee->[0]->verbosity;
}

sub prepare
{
	my ($tee, @tests) = @_;
	$_->prepare(@tests) for @$tee;
}

sub open_test
{
	my ($tee, @test) = @_;
	return bless [ map { $_->open_test(@test) } @$tee ], 'Tee::Session';
}

sub summary
{
	my ($tee, @sum) = @_;
	$_->summary(@sum) for @$tee;
}

package Tee::Session;

sub result
{
	my ($session, $result) = @_;
	$_->result($result) for @$session;
}

# The JUnit formatter dies of a test that printed nothing at all.
sub close_test
{
	my ($session, @arguments) = @_;
	my $junit = $session->[1];
	my $silence = { type => 'comment', comment => 'no output', raw => '# no output' };

	$junit->result(TAP::Parser::ResultFactory->make_result($silence)) unless @{ $junit->_queue };
	$_->close_test(@arguments) for @$session;
}

1;
