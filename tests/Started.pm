# SPDX-License-Identifier: GPL-2.0-only
#
# The processes that a script has started: whoever ends the script ends them, too.
package Started;

use strict;
use warnings;
use Exporter qw(import);

our @EXPORT = qw(@started);
our @started;    # process ids

for my $signal (qw(TERM INT HUP)) {
	$SIG{$signal} = sub { kill 'TERM', @started; exit 128 + 15 };
}

1;
