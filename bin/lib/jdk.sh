# Sourced by the scripts in bin: finds a JDK that is new enough.

readonly JDK_NEEDED=25

# Prints the feature release of the JDK in a directory, or nothing if there is none.
jdk_release() {
    [[ -x $1/bin/java && -x $1/bin/javac && -r $1/release ]] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the home of the JDK to use: that of JAVA_HOME, of java on the PATH, or the newest among the usual places.
find_jdk() {
    local home release best= best_release=0 on_path
    on_path=$(readlink -f "$(command -v java || true)" || true)
    for home in "${JAVA_HOME:-}" "${on_path%/bin/java}"; do
        release=$(jdk_release "$home")
        if [[ -n $release ]] && ((release >= JDK_NEEDED)); then
            printf '%s\n' "$home"
            return
        fi
    done
    for home in /usr/lib/jvm/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
        release=$(jdk_release "$home")
        if [[ -n $release ]] && ((release >= JDK_NEEDED && release > best_release)); then
            best=$home best_release=$release
        fi
    done
    if [[ -z $best ]]; then
        printf '%s: no JDK %d or newer found in JAVA_HOME, on the PATH or in /usr/lib/jvm; set JAVA_HOME to one\n' \
            "${0##*/}" "$JDK_NEEDED" >&2
        return 1
    fi
    printf '%s\n' "$best"
}
