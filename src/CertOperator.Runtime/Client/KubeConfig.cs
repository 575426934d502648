using CertOperator.Runtime.Client.Http;

namespace CertOperator.Runtime.Client;

/// <summary>
/// Where the settings of a connection come from. They are read again whenever the server stops accepting them, so that
/// rotated tokens, certificates and trust bundles need no restart.
/// </summary>
public sealed class KubeConfig
{
    private readonly Func<KubeConnection> _read;

    private KubeConfig(Func<KubeConnection> read) => _read = read;

    /// <summary>
    /// The given kubeconfig file, else the files of KUBECONFIG, else the pod's service account, else ~/.kube/config.
    /// </summary>
    /// <param name="path">A kubeconfig file; null to look for one.</param>
    /// <param name="context">A context of the kubeconfig; null for its current one.</param>
    public static KubeConfig Find(string? path, string? context)
    {
        if (path is not null) return FromFiles([path], context);
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list)
            return FromFiles(list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries), context);
        if (context is null && ServiceAccount.IsMounted(ServiceAccount.DefaultDirectory)) return InCluster();
        return FromFiles([Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")], context);
    }

    /// <summary>Kubeconfig files, merged as kubectl does: the first file to name something wins, absent files are skipped.</summary>
    public static KubeConfig FromFiles(IReadOnlyList<string> paths, string? context)
        => new(() => KubeConfigFile.Read(paths, context));

    /// <summary>The service account of the pod that this process runs in.</summary>
    public static KubeConfig InCluster() => InCluster(ServiceAccount.DefaultDirectory);

    /// <summary>A server that needs no trust settings, with a fixed bearer token if any.</summary>
    public static KubeConfig For(Uri server, string? bearerToken = null)
        => new(() => new KubeConnection { Server = server, Token = bearerToken });

    internal static KubeConfig InCluster(string directory) => new(() => ServiceAccount.Read(directory));

    /// <exception cref="KubeConfigException">The settings are absent or wrong.</exception>
    internal KubeConnection Read() => _read();
}
