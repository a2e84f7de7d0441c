#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# ./setup.sh TARGET...   installs what is missing to build and test cr86 on Debian, then calls make TARGET...
set -eu

packages="
	make gcc libc6-dev zlib1g-dev
	gcc-i686-linux-gnu nasm clang libclang-rt-14-dev
	libc6-dev-i386-cross
	qemu-system-x86 bochs bochs-term bochsbios vgabios gdb elfutils
	grub-common grub-pc-bin grub-efi-amd64-bin grub-efi-ia32-bin xorriso mtools
	ovmf ovmf-ia32 ipxe-qemu
	netpbm
	perl libtap-formatter-junit-perl parallel openssh-client openssh-server
	git clang-format shellcheck
"

cd "$(dirname "$0")"

if [ $# -eq 0 ] || [ "$1" = -h ] || [ "$1" = --help ]; then
	sed -n 's/^# \.\//Usage: .\//p' "$0"
	[ $# -gt 0 ]
	exit
fi

# Debian, or one that builds on it.
is_debian()
{
	(
		ID='' ID_LIKE=''
		# shellcheck source=/dev/null
		[ ! -r /etc/os-release ] || . /etc/os-release
		case " $ID $ID_LIKE " in *' debian '*) ;; *) exit 1 ;; esac
	)
}

missing()
{
	for package in $packages; do
		status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || status=
		[ "$status" = installed ] || printf ' %s' "$package"
	done
}

if ! is_debian; then
	echo "setup.sh installs Debian's packages only. On this system, install what these hold, then call: make $*" >&2
	# shellcheck disable=SC2086 # one line a package
	printf '  %s\n' $packages >&2
	exit 1
fi

install=$(missing)
if [ -n "$install" ]; then
	if [ "$(id -u)" -ne 0 ]; then
		echo "Packages are missing. As root, call:" >&2
		echo "  apt-get update && apt-get install --yes --no-install-recommends$install" >&2
		exit 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt-get update
	# shellcheck disable=SC2086 # one word a package
	apt-get install --yes --no-install-recommends $install
fi

exec make "$@"
