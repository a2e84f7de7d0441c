#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# `make debug` stops at the first instruction in ring 3, with the symbols of kernel and program loaded.
use strict;
use warnings;
use FindBin;
use Test::More;

my $commands = join ' ', map { "'$_'" } 'info registers cs', 'info symbol $pc', 'info line trap', 'kill';
my $said = qx(printf '%s\\n' $commands | timeout -k 5 60 $FindBin::Bin/debug hello 2>&1);

is($?, 0, 'the session ends well');
like($said, qr/^.*\bcs\s+0x73\b/m, 'in ring 3');
like($said, qr/_start in section \.text of .*hello/, "at the program's start");
like($said, qr/Line \d+ of "kernel\/trap\.c"/, "the kernel's symbols are there");
done_testing() or diag($said);
