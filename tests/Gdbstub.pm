# SPDX-License-Identifier: GPL-2.0-only
#
# QEMU's gdbstub without gdb: packets of its remote protocol, one at a time.
package Gdbstub;

use strict;
use warnings;
use IO::Socket::UNIX;
use Time::HiRes qw(sleep);

my $patience = 20;    # seconds

# Waits until there is one at this path. To connect stops a machine that runs; of that the stub tells by itself, as signal 2,
# before it says why the machine stands.
sub new
{
	my ($class, $path) = @_;
	my $self = bless { socket => connect_to($path), buffer => '' }, $class;

	$self->tell('?');
	1 while $self->hear =~ /^[TS]02/;
	return $self;
}

sub connect_to
{
	my ($path) = @_;

	for (1 .. 10 * $patience) {
		my $socket = IO::Socket::UNIX->new(Peer => $path);
		return $socket if $socket;
		sleep 0.1;
	}
	die "no gdbstub at $path\n";
}

# Sends a packet.
sub tell
{
	my ($self, $packet) = @_;
	my $sum = 0;

	$sum += ord for split //, $packet;
	syswrite $self->{socket}, sprintf '$%s#%02x', $packet, $sum & 0xff;
}

# Receives one.
sub hear
{
	my ($self) = @_;
	local $SIG{ALRM} = sub { die "the gdbstub does not answer\n" };
	my $packet;

	alarm $patience;
	until (defined $packet) {
		if ($self->{buffer} =~ s/^\+*\$([^#]*)#..//) {
			$packet = $1;
		} else {
			sysread($self->{socket}, $self->{buffer}, 4096, length $self->{buffer}) or die "the gdbstub is gone\n";
		}
	}
	alarm 0;
	syswrite $self->{socket}, '+';
	return $packet;
}

sub ask
{
	my ($self, $packet) = @_;
	$self->tell($packet);
	return $self->hear;
}

# A breakpoint at an address, in hexadecimal, set or taken away.
sub breakpoint
{
	my ($self, $address, $on) = @_;
	$self->ask(sprintf '%s1,%s,1', $on ? 'Z' : 'z', $address) eq 'OK' or die "no breakpoint at $address\n";
}

# Goes on to a breakpoint, off the one where the machine stands now. Returns what the stub says of the stop.
sub to_breakpoint
{
	my ($self, $address) = @_;

	$self->breakpoint($address, 1);
	my $stop = $self->ask('c');
	$self->breakpoint($address, 0);
	return $stop;
}

# Lets the machine run, and leaves it.
sub leave
{
	my ($self) = @_;
	$self->tell('D');
	$self->hear;
	close $self->{socket};
}

1;
