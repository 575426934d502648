using CertOperator.Testing;
using CertOperator.Testing.Processes;

namespace CertOperator.Acceptance.Charts;

/// <summary>
/// The file system of a container: the binary, and the libraries that a base such as runtime-deps has. Beside them it holds
/// setpriv, which takes all rights away before the binary starts.
/// </summary>
internal sealed class ImageRoot : IDisposable
{
    private const string LibraryFolder = "/usr/lib/x86_64-linux-gnu";
    private const string SetPriv = "/usr/bin/setpriv";

    /// <summary>The libraries of the base: the C library's, those of the compiler's runtime, and OpenSSL's.</summary>
    public static readonly IReadOnlySet<string> BaseLibraries =
        new HashSet<string>(["ld-linux-x86-64.so.2", "libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libgcc_s.so.1", "libssl.so.3", "libcrypto.so.3"]);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cert-operator-root-");

    private ImageRoot()
    {
    }

    public static async Task<ImageRoot> CreateAsync(string kubeconfig)
    {
        var root = new ImageRoot();
        foreach (string folder in (string[])["proc", "dev", "tmp"])
            root._folder.CreateSubdirectory(folder);
        root.Copy(Repository.OperatorBinary, "/cert-operator");
        root.Copy(kubeconfig, "/kubeconfig");
        root.Copy(SetPriv, SetPriv);
        root.Copy("/lib64/ld-linux-x86-64.so.2", "/lib64/ld-linux-x86-64.so.2");
        foreach (string library in BaseLibraries.Union(await NeededAsync(SetPriv)))
        {
            if (File.Exists($"{LibraryFolder}/{library}"))
                root.Copy($"{LibraryFolder}/{library}", $"{LibraryFolder}/{library}");
        }

        (await Command.RunAsync("chmod", ["-R", "a+rX", root._folder.FullName])).OrThrow();
        return root;
    }

    /// <summary>The libraries that the linker wrote into a program.</summary>
    public static async Task<IReadOnlyList<string>> NeededAsync(string program) =>
    [
        .. (await Command.RunAsync("readelf", ["--dynamic", "--wide", program])).OrThrow().Split('\n')
            .Where(line => line.Contains("(NEEDED)", StringComparison.Ordinal)).Select(line => line.Split('[', ']')[1]),
    ];

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
        _folder.FullName,
        .. arguments,
    ];

    public void Dispose() => _folder.Delete(recursive: true);

    private void Copy(string source, string target)
    {
        string path = _folder.FullName + target;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(source, path);
    }
}
