#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# The pages that are made from data are up to date: `make docs` writes them.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Machine;
use Test::More;

for (
	[ 'CASES.md', 'list-cases' ],
	[ 'DEFECTS.md', 'defects' ],
) {
	my ($page, $script) = @$_;
	my $made = qx($FindBin::Bin/$script);
	is($?, 0, "$script works");
	ok($made eq slurp("$root/docs/$page"), "docs/$page is what `make docs` makes");
}

# What the page of an entry holds.
my $file = write_file(scratch() . '/defects', <<'END');
[first]
engine: qemu
version: 7.2 -
cpu: max
case: x.*
path: restart
field: FIP
what: It is wrong | bad.
manual: SDM 1 §10.5.1: "It is right."
right: bochs 2.7
reproduce: tests/engines/qemu --cpu max
END
my $page = qx($FindBin::Bin/defects $file);
like($page,
	qr/^\| \[first\]\(#first\) \| QEMU \(TCG\) \| 7\.2 and later \| It is wrong \\\| bad\. \|$/m, 'a row of its table');
like($page,
	qr{^## QEMU.*^### first\n.*^> It is right\.\n.*^> \(SDM 1 §10\.5\.1\)\n.*^    tests/engines/qemu --cpu max\n}ms,
	'its section');
write_file($file, "[first]\nengine: qemu\n");
is(qx($FindBin::Bin/defects $file 2>&1 >/dev/null),
	"$file:1: [first] lacks version cpu case field what manual right reproduce\n",
	'a bad file');
done_testing();
