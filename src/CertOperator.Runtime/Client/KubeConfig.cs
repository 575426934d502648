using CertOperator.Runtime.Client.Http;

namespace CertOperator.Runtime.Client;

/// <summary>
/// Where the settings of a connection come from. They are read again whenever the server stops accepting them, so that
/// rotated tokens, certificates and trust bundles need no restart.
/// </summary>
public sealed class KubeConfig
{
    private const string Variable = "KUBECONFIG";

    private readonly Func<KubeConnection> _read;

    private KubeConfig(Func<KubeConnection> read) => _read = read;

    /// <summary>
    /// The given kubeconfig file, else the files of KUBECONFIG, else the pod's service account, else ~/.kube/config.
    /// </summary>
    /// <param name="path">A kubeconfig file; null to look for one.</param>
    /// <param name="context">A context of the kubeconfig; null for its current one.</param>
    public static KubeConfig Find(string? path, string? context)
        => path is null && !IsListed && context is null && ServiceAccount.IsMounted ? InCluster() : FromFiles(Files(path), context);

    /// <summary>The names of the contexts in the kubeconfig files that <see cref="Find"/> reads.</summary>
    /// <exception cref="KubeConfigException">There is none, or it cannot be read.</exception>
    public static IReadOnlyList<string> Contexts(string? path) => KubeConfigFile.Contexts(Files(path));

    /// <summary>Kubeconfig files, merged as kubectl does: the first file to name something wins, absent files are skipped.</summary>
    public static KubeConfig FromFiles(IReadOnlyList<string> paths, string? context)
        => new(() => KubeConfigFile.Read(paths, context));

    /// <summary>The service account of the pod that this process runs in.</summary>
    public static KubeConfig InCluster()
        => InCluster(
            ServiceAccount.DefaultDirectory,
            Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"),
            Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT"));

    /// <summary>A server that needs no trust settings, with a fixed bearer token if any.</summary>
    public static KubeConfig For(Uri server, string? bearerToken = null)
        => new(() => new KubeConnection { Server = server, Token = bearerToken });

    private static bool IsListed => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 };

    private static string[] Files(string? path) => path is not null ? [path]
        : IsListed ? Environment.GetEnvironmentVariable(Variable)!.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        : [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];

    internal static KubeConfig InCluster(string directory, string? host, string? port) => new(() => ServiceAccount.Read(directory, host, port));

    /// <exception cref="KubeConfigException">The settings are absent or wrong.</exception>
    internal KubeConnection Read() => _read();
}
