#!/bin/sh
# Makes the certificates of this folder anew, with OpenSSL 3. The keys are thrown away.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = self
[self]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
[anything]
organizationName = optional
commonName = supplied
CNF

# make NAME SUBJECT DIGEST FIRST-DAY LAST-DAY KEY...: a self-signed certificate in NAME.pem
make() {
    name=$1 subject=$2 digest=$3 first=$4 last=$5
    shift 5
    : > "$work/index"
    openssl genpkey -quiet "$@" -out "$work/$name.key" 2> /dev/null || openssl genpkey "$@" -out "$work/$name.key" 2> /dev/null
    openssl req -new -key "$work/$name.key" -subj "$subject" -out "$work/$name.csr"
    openssl ca -batch -notext -selfsign -config "$work/ca.cnf" -keyfile "$work/$name.key" -in "$work/$name.csr" \
        -md "$digest" -startdate "$first" -enddate "$last" -out "$name.pem" 2> /dev/null
}

rsa() { echo "-algorithm RSA -pkeyopt rsa_keygen_bits:$1"; }
make rsa-2048 "/O=Example/CN=billing.example.com" sha256 20250101000000Z 21200101000000Z $(rsa 2048)
make expired "/CN=expired.example.com" sha256 20200101000000Z 20210102030405Z $(rsa 2048)
make rsa-1024 "/CN=small.example.com" sha256 20250101000000Z 21200101000000Z $(rsa 1024)
make sha1 "/CN=sha1.example.com" sha1 20250101000000Z 21200101000000Z $(rsa 2048)
make ec-p256 "/CN=ec.example.com" sha256 20250101000000Z 21200101000000Z -algorithm EC -pkeyopt ec_paramgen_curve:P-256
make ed25519 "/CN=ed25519.example.com" default 20250101000000Z 21200101000000Z -algorithm ED25519

# The same certificate with the text that `openssl pkcs12` puts before it.
openssl pkcs12 -export -inkey "$work/rsa-2048.key" -in rsa-2048.pem -name billing -passout pass:x -out "$work/rsa-2048.p12"
openssl pkcs12 -in "$work/rsa-2048.p12" -passin pass:x -nokeys -out with-bag-attributes.pem
