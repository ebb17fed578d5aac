#!/usr/bin/env bash
# The steps of the GitHub Action (action.yml): `install` puts orgwarden on the path, `run` runs it.
#
# What it is told comes in variables, and nothing of it is evaluated. It has to run in Bash 3.2, which macOS has, and in the Bash of Git
# for Windows. tests/pipelines/action.rs runs it.
set -euo pipefail

# The text of a workflow command: no line end may begin another one.
escaped() {
    local text=${1//\%/%25}
    text=${text//$'\r'/%0D}
    printf '%s' "${text//$'\n'/%0A}"
}

# A mistake in what the action was told, or something it needs is not to be had; 2 is what orgwarden ends with for that. To standard error,
# because some of what calls it is read by the rest of the script; the runner looks for commands there, too.
fail() {
    printf '::error title=orgwarden::%s\n' "$(escaped "$1")" >&2
    exit 2
}

# --- install ---------------------------------------------------------------------------------------------------------------------------

target() {
    case $RUNNER_OS-$RUNNER_ARCH in
        Linux-X64) echo x86_64-unknown-linux-musl ;;
        Linux-ARM64) echo aarch64-unknown-linux-musl ;;
        macOS-X64) echo x86_64-apple-darwin ;;
        macOS-ARM64) echo aarch64-apple-darwin ;;
        Windows-X64) echo x86_64-pc-windows-msvc ;;
        *) fail "there is no release for $RUNNER_OS on $RUNNER_ARCH; \`version: source\` builds orgwarden" ;;
    esac
}

# The version of the checkout that this script is in.
own_version() {
    sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1
}

# Where the archives of a version are.
release_url() {
    local url=$ORGWARDEN_RELEASE_URL
    if [ -z "$url" ]; then
        [ -n "$ORGWARDEN_REPOSITORY" ] || fail "the repository of this action is not known here (is it used as \`./\`?): \
set \`release-url\`, or \`version: source\`"
        url=$GITHUB_SERVER_URL/$ORGWARDEN_REPOSITORY/releases/download/v$1
    fi
    case $url in
        https://*) printf '%s' "${url%/}" ;;
        *) fail "release-url must begin with https://, and is: $url" ;;
    esac
}

download() {
    curl --proto '=https' --tlsv1.2 --fail --silent --show-error --location --retry 3 --output "$1" -- "$2" \
        || fail "cannot download $2"
}

sha256_of() {
    if command -v sha256sum > /dev/null; then sha256sum -- "$1"; else shasum -a 256 -- "$1"; fi | cut -d ' ' -f 1
}

# Downloads and unpacks a release into the current directory, if the archive is what the release says it is.
unpack_release() {
    local archive url expected actual
    archive=orgwarden-$(target).tar.gz
    url=$(release_url "$1")
    download SHA256SUMS "$url/SHA256SUMS"
    download "$archive" "$url/$archive"
    expected=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' SHA256SUMS)
    case $expected in
        *[!0-9a-f]* | '') fail "SHA256SUMS of the release does not name $archive" ;;
    esac
    actual=$(sha256_of "$archive")
    [ "$actual" = "$expected" ] || fail "$archive is not the one of the release: its SHA-256 is $actual, and SHA256SUMS says $expected"
    tar -xzf "$archive" --strip-components 1
}

install() {
    local version=${ORGWARDEN_VERSION#v}
    local folder=$RUNNER_TEMP/orgwarden
    mkdir -p "$folder"
    cd "$folder"
    case $version in
        source)
            command -v cargo > /dev/null || fail "\`version: source\` takes Rust on the runner, and there is no cargo"
            # On Windows aws-lc has assembly that takes NASM, unless the objects that come with it are used.
            AWS_LC_SYS_PREBUILT_NASM=1 cargo install --locked --path "$GITHUB_ACTION_PATH" --root "$folder" --force \
                || fail "orgwarden cannot be built"
            folder=$folder/bin
            ;;
        '') unpack_release "$(own_version)" ;;
        *[!0-9A-Za-z.-]* | .* | -*) fail "version must be a version such as 1.2.3, or source, and is: $version" ;;
        *) unpack_release "$version" ;;
    esac
    "$folder/orgwarden" --version
    printf '%s\n' "$folder" >> "$GITHUB_PATH"
}

# --- run -------------------------------------------------------------------------------------------------------------------------------

# Splits a text into `words`. A path of Windows stays what it is, and nothing is expanded, so this is not what a shell does.
split() {
    local text=$1 word='' quote='' in_word=false character i
    words=()
    for ((i = 0; i < ${#text}; i++)); do
        character=${text:i:1}
        case $quote$character in
            \'\' | \"\") quote='' ;;
            [\'\"]) quote=$character in_word=true ;;
            [[:space:]])
                if $in_word; then words+=("$word"); fi
                word='' in_word=false
                ;;
            *) word+=$character in_word=true ;;
        esac
    done
    [ -z "$quote" ] || fail "args has a $quote without the one that ends it"
    if $in_word; then words+=("$word"); fi
}

# Lines that are not empty, into `words`.
lines() {
    local line
    words=()
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line%$'\r'}
        if [ -n "$line" ]; then words+=("$line"); fi
    done <<< "$1"
}

# How many findings count and how many verdicts are undecided, from the JSON report. It has a line for each key, at an indentation that says
# of what: no text of somebody else can begin a line.
count() {
    awk '
        /^  "[a-z_]+": / { list = $1 }
        list == "\"findings\":" && /^    \{/ { fails = 0; known = 0 }
        list == "\"findings\":" && /^      "verdict": "fail"/ { fails = 1 }
        list == "\"findings\":" && /^      "baseline": "known"/ { known = 1 }
        list == "\"findings\":" && /^    \}/ { findings += fails && !known }
        list == "\"unknown\":" && /^    \{/ { undecided++ }
        END { printf "findings=%d\nundecided=%d\n", findings, undecided }
    ' "$1"
}

run() {
    local folder status=0
    local -a words arguments
    case $ORGWARDEN_COMMAND in
        audit | gate) arguments=("$ORGWARDEN_COMMAND") ;;
        *) fail "command must be audit, gate or install, and is: $ORGWARDEN_COMMAND" ;;
    esac
    # Steps that use the action twice have reports of their own each.
    folder=$(mktemp -d "$RUNNER_TEMP/orgwarden-reports.XXXXXX")
    split "$ORGWARDEN_ARGS"
    arguments+=(${words[@]+"${words[@]}"})
    arguments+=(--format "$ORGWARDEN_FORMAT" --output "sarif=$folder/orgwarden.sarif" --output "json=$folder/orgwarden.json")
    if [ "$ORGWARDEN_SUMMARY" = true ]; then arguments+=(--output "markdown=$folder/summary.md"); fi
    # After `--` no path can be an option.
    lines "$ORGWARDEN_PATHS"
    if [ ${#words[@]} -gt 0 ]; then arguments+=(-- "${words[@]}"); fi

    orgwarden "${arguments[@]}" || status=$?

    if [ -s "$folder/summary.md" ]; then cat "$folder/summary.md" >> "$GITHUB_STEP_SUMMARY"; fi
    {
        printf 'exit-code=%d\n' "$status"
        if [ -s "$folder/orgwarden.sarif" ]; then printf 'sarif=%s\n' "$folder/orgwarden.sarif"; fi
        if [ -s "$folder/orgwarden.json" ]; then
            printf 'json=%s\n' "$folder/orgwarden.json"
            count "$folder/orgwarden.json"
        fi
    } >> "$GITHUB_OUTPUT"
    return "$status"
}

case ${1-} in
    install | run) "$1" ;;
    *) fail "ci/github/action.sh takes install or run" ;;
esac
