#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
use FindBin;
use lib $FindBin::Bin;
use Misbehave;

Misbehave::run('qemu', 'pentium3');
