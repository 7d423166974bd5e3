#!/bin/sh
# collect-runtime.sh FOLDER: node, the libraries it is linked with and what they read, as the root of an image.
# The records in var/lib/dpkg/status.d tell scanners which Debian packages the libraries are of, as in distroless images.
set -eu
root=$1
node=$(command -v node)
mkdir -p "$root/etc" "$root/tmp" "$root/usr/local/bin" "$root/var/lib/dpkg/status.d" /data
chmod 1777 "$root/tmp"
cp "$node" "$root/usr/local/bin/node"
cp /etc/os-release "$root/etc/"
echo 'emporium:x:10001:10001::/home/emporium:/sbin/nologin' >"$root/etc/passwd"
echo 'emporium:x:10001:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

# Native packages of npm are linked with more of the C library than node itself is.
linked=$(ldd "$node" | sed -nE 's/^.*(=> |\t)(\/[^ ]+) \(.*$/\2/p')
folder=$(dirname "$(echo "$linked" | grep '/libc\.so\.6$')")
for library in $linked "$folder/librt.so.1" "$folder/libresolv.so.2" "$folder/libutil.so.1"; do
  cp --dereference --parents "$library" "$root"
  file=$(readlink -f "$library")
  # dpkg knows some libraries by their path before /usr was merged.
  package=$( (dpkg -S "$file" || dpkg -S "${file#/usr}") 2>/dev/null | head -n 1 | cut -d: -f1)
  dpkg -s "$package" >"$root/var/lib/dpkg/status.d/$package"
done
test "$(find "$root/var/lib/dpkg/status.d" -type f | wc -l)" -ge 3
chroot "$root" /usr/local/bin/node --version
