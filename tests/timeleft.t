#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The time left, on the screen of a run whose machine counts instructions, and whose clock goes by them: 8000 like cases,
# which together take two minutes of that clock; and a pause, which is not counted. Halfway and later, what the clock says and what is said to be left must
# together be when the run ends; and then nothing of it is on the screen any more.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Screen;
use Test::More;
use Time::HiRes qw(sleep);

# The clock tells whole seconds, at the run's begin and at the reading; and the screen whole seconds that are left. So much
# may halfway be wrong.
my $tolerance = 4;

my $machine = start('a long run', '-kernel', "$root/build/conformance", '-append',
	'run=none path=plain case=general.registers.* repeat=400 exit=off', @counted);

# What screen and clock say at one moment: { ended, clock, left, done, all, screen }. The screen has no `left` where it tells none.
sub look
{
	my $ended = is_off($machine);

	monitor($machine, 'stop') unless $ended;
	my %seen = (ended => $ended, clock => clock($machine), screen => [ text_screen($machine) ]);
	monitor($machine, 'cont') unless $ended;
	@seen{qw(done all)} = ($seen{screen}[13] // '') =~ / (\d+) of (\d+): /;
	$seen{left} = 60 * $1 + $2 if ($seen{screen}[12] // '') =~ / (\d+):(\d\d) left$/;
	return \%seen;
}

# A pause of half a minute by the machine's clock, early in the run.
sub pause
{
	my $paused = sub { ((text_screen($machine))[24] // '') =~ /^paused: / };
	my $since;

	for (1 .. 200) {
		last if $paused->();
		monitor($machine, 'sendkey spc') if ((text_screen($machine))[13] // '') =~ / [1-9]\d+ of /;
		sleep 0.05;
	}
	ok($paused->(), 'a space stops it');
	$since = clock($machine);
	sleep 0.05 while clock($machine) < $since + 30 && !gone($machine);
	monitor($machine, 'sendkey spc');
}
pause();

my @seen;
for (1 .. 600) {
	sleep 0.05;
	next if !-S "$machine->{at}.monitor";
	push @seen, look();
	last if $seen[-1]{ended} || gone($machine);
}
my $end = pop @seen;
@seen = grep { ($_->{screen}[12] // '') !~ /^checksum/ } @seen;    # it comes just before the end

ok($end->{ended}, 'the run comes to its end') or diag(console($machine));
my @late = grep { ($_->{done} // 0) * 2 >= ($_->{all} // 1) } @seen;
cmp_ok(scalar @late, '>=', 5, 'screens of the second half of the run');
is(scalar(grep { !defined $_->{left} } @late), 0, 'each of them tells the time that is left');
is_deeply([ map { "$_->{left} s left at $_->{clock} s" } grep { abs($_->{clock} + $_->{left} - $end->{clock}) > $tolerance } @late ], [],
	"which is when the run ends, at $end->{clock} s");
cmp_ok($late[0]{left} - $late[-1]{left}, '>', 20, 'it counts down');
is_deeply([ grep { / left$/ } @{ $end->{screen} } ], [], 'in the end nothing is left');
like($end->{screen}[12], qr/^checksum of all results: [0-9a-f]{8}$/, 'and the checksum stands in its place');
stop($machine);
done_testing();
