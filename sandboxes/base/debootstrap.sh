#!/bin/sh
# Makes the root filesystem of the base image from Debian packages and writes it to stdout as tar.
#   debootstrap.sh SCRATCH_FOLDER [MIRROR]
# Needs root and debootstrap. Everything it says goes to stderr.
set -eu
root=$1/root
mirror=${2:-http://deb.debian.org/debian}

rm -rf "$root"
debootstrap --variant=minbase --include=python3,libgomp1 bookworm "$root" "$mirror" >&2

# A trial needs no package manager's leftovers, no manuals, and nothing that gains privileges.
rm -rf "$root"/usr/share/doc "$root"/usr/share/man "$root"/usr/share/info \
    "$root"/usr/share/locale "$root"/var/cache/apt "$root"/var/lib/apt/lists "$root"/var/log/*
find "$root" -xdev -perm /6000 -type f -exec chmod a-s {} +

ln -sf /usr/bin/python3 "$root"/usr/local/bin/python
mkdir -p "$root"/trial "$root"/dataset
# Modification times stay as they are: Python would take its own bytecode for stale.
tar --numeric-owner --sort=name -C "$root" -c .
rm -rf "$root"
