#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The same sources give the same kernels, programs and medium, byte for byte: built again, elsewhere. (Programs without
# what they tell debuggers, which has the folder in it. Kernels, and what stands on the medium, are stripped anyway.)
set -eu
: "${CROSS_COMPILE=i686-linux-gnu-}"
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' HUP INT TERM

mkdir "$scratch/elsewhere"
git ls-files -z --cached --others --exclude-standard | tar --null -cf - -T - | tar -xf - -C "$scratch/elsewhere"

# same NAME HERE THERE
same()
{
	n=$((${n:-0} + 1))
	if cmp "$2" "$3" >"$scratch/cmp" 2>&1; then
		echo "ok $n - build/$1"
	else
		echo "not ok $n - build/$1"
		sed 's/^/# /' "$scratch/cmp"
	fi
}

# Of all files in a folder.
sums_of()
{
	(cd "$1" && find . -type f -exec sha256sum '{}' + | sort -k 2)
}

echo 1..7
if make -s -j2 -C "$scratch/elsewhere" build/native build/cr86.iso build/netboot >"$scratch/log" 2>&1; then
	for file in kernel conformance showme native programs/traveller; do
		"${CROSS_COMPILE}strip" -o "$scratch/here" "build/$file"
		"${CROSS_COMPILE}strip" -o "$scratch/there" "$scratch/elsewhere/build/$file"
		same "$file" "$scratch/here" "$scratch/there"
	done
	same cr86.iso build/cr86.iso "$scratch/elsewhere/build/cr86.iso"
	sums_of build/netboot >"$scratch/here"
	sums_of "$scratch/elsewhere/build/netboot" >"$scratch/there"
	same netboot "$scratch/here" "$scratch/there"
else
	sed 's/^/# /' "$scratch/log"
	echo 'Bail out! it does not build elsewhere'
	exit 1
fi
