# SPDX-License-Identifier: GPL-2.0-only
#
# Boot information that is made up (Multiboot 2, 2.0 §3.6): machines and screens that QEMU has not. build/misbehave/hearsay is
# the boot loader that passes it on.
package Hearsay;

use strict;
use warnings;
use Exporter qw(import);
use Machine;

our @EXPORT = qw(@usual memory_map framebuffer hearsay);

our @usual = ([ 0, 0x9fc00, 1 ], [ 0x100000, 0x7e00000, 1 ]);    # 128 MiB, of which some at the end is left out for a screen

sub tag
{
	my ($type, $content) = @_;
	my $tag = pack('VV', $type, 8 + length $content) . $content;

	return $tag . "\0" x (-length($tag) % 8);
}

# [start, length, type]...
sub memory_map
{
	return tag(6, pack('VV', 24, 0) . join '', map { pack 'q<q<VV', @$_, 0 } @_);
}

# { address, pitch, width, height, bits }; and type, or palette: [ red, green, blue ]...
sub framebuffer
{
	my ($fb) = @_;
	my $colours = pack 'C6', $fb->{bits} > 16 ? (16, 8, 8, 8, 0, 8) : (11, 5, 5, 6, 0, 5);

	$colours = pack 'v(C3)*', scalar @{ $fb->{palette} }, map { @$_ } @{ $fb->{palette} } if $fb->{palette};
	return tag(8, pack('Q<VVVCCv', @$fb{qw(address pitch width height bits)}, $fb->{palette} ? 0 : $fb->{type} // 1, 0) . $colours);
}

my $told = 0;

# A boot of a kernel with options and these tags, as QEMU's arguments.
sub hearsay
{
	my ($kernel, $options, @tags) = @_;
	my $tags = join '', tag(1, "$options\0"), @tags, tag(0, '');
	my $file = write_file(scratch() . '/' . ++$told . '.mb2', pack('VV', 8 + length $tags, 0) . $tags);

	return ('-kernel', "$root/build/misbehave/hearsay", '-initrd', "$kernel,$file");
}

1;
