#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The same sources give the same kernel and programs, byte for byte: built again, elsewhere. (The
# programs without what they tell debuggers, which has the folder in it. The kernel is stripped anyway.)
set -eu
: "${CROSS_COMPILE=i686-linux-gnu-}"
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' HUP INT TERM

mkdir "$scratch/elsewhere"
git ls-files -z --cached --others --exclude-standard | tar --null -cf - -T - | tar -xf - -C "$scratch/elsewhere"
echo 1..5
if make -s -j2 -C "$scratch/elsewhere" build/kernel build/conformance build/showme build/native \
	build/programs/traveller >"$scratch/log" 2>&1; then
	for file in kernel conformance showme native programs/traveller; do
		n=$((${n:-0} + 1))
		"${CROSS_COMPILE}strip" -o "$scratch/here" "build/$file"
		"${CROSS_COMPILE}strip" -o "$scratch/there" "$scratch/elsewhere/build/$file"
		if cmp "$scratch/here" "$scratch/there" >"$scratch/cmp" 2>&1; then
			echo "ok $n - build/$file"
		else
			echo "not ok $n - build/$file"
			sed 's/^/# /' "$scratch/cmp"
		fi
	done
else
	sed 's/^/# /' "$scratch/log"
	echo 'Bail out! it does not build elsewhere'
	exit 1
fi
