using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Images;

/// <summary>
/// The file system of a container of the image. Beside what the image has, it holds setpriv, which takes all rights away
/// before the operator starts.
/// </summary>
internal sealed class ImageRoot
{
    private const string LibraryFolder = "/usr/lib/x86_64-linux-gnu";
    private const string SetPriv = "/usr/bin/setpriv";

    /// <summary>The libraries of runtime-deps: the C library's, those of the compiler's runtime, and OpenSSL's.</summary>
    public static readonly IReadOnlySet<string> BaseLibraries =
        new HashSet<string>(["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libssl.so.3", "libcrypto.so.3"]);

    private readonly string _folder;

    public ImageRoot(string folder)
    {
        _folder = folder;
    }

    /// <summary>The programs of the image: what may be executed and is no library.</summary>
    public async Task<IReadOnlyList<string>> ProgramsAsync() =>
        (await Command.RunAsync("find", [_folder, "-type", "f", "-perm", "/o+x", "-not", "-name", "*.so*", "-printf", "/%P\n"])).OrThrow()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The libraries that the linker wrote into a program.</summary>
    public static async Task<IReadOnlyList<string>> NeededAsync(string program) =>
    [
        .. (await Command.RunAsync("readelf", ["--dynamic", "--wide", program])).OrThrow().Split('\n')
            .Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal)).Select(line => line.Split('[', ']')[1]),
    ];

    /// <summary>Adds what the arguments of <see cref="Arguments"/> need.</summary>
    public async Task PrepareAsync(string kubeconfig)
    {
        foreach (string folder in (string[])["proc", "dev", "tmp"])
            Directory.CreateDirectory(Path.Combine(_folder, folder));
        Copy(kubeconfig, "/kubeconfig");
        Copy(SetPriv, SetPriv);
        foreach (string library in (await NeededAsync(SetPriv)).Except(BaseLibraries))
            Copy($"{LibraryFolder}/{library}", $"{LibraryFolder}/{library}");
        (await Command.RunAsync("chmod", ["a+r", $"{_folder}/kubeconfig"])).OrThrow();
    }

    /// <summary>
    /// Arguments for <c>sh</c> that start the operator in the root: read-only but for /dev and /proc, as user 65532, without
    /// capabilities and the way to any, and with an empty environment.
    /// </summary>
    public IEnumerable<string> Arguments(IEnumerable<string> arguments) =>
    [
        "-c",
        $"""
        exec unshare --mount sh -c '
          set -e
          mount --bind "$0" "$0"
          mount --rbind /proc "$0/proc"
          mount --rbind /dev "$0/dev"
          mount -o remount,bind,ro "$0"
          exec env -i /usr/sbin/chroot "$0" {SetPriv} --reuid 65532 --regid 65532 --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs --pdeathsig KILL /cert-operator "$@"
        ' "$@"
        """,
        "sh",
        _folder,
        .. arguments,
    ];

    private void Copy(string source, string target)
    {
        string path = _folder + target;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(source, path);
    }
}
