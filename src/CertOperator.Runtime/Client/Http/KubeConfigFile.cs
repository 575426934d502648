using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.KubeConfigModels;
using YamlDotNet.Core;

namespace CertOperator.Runtime.Client.Http;

/// <summary>
/// Reads kubeconfig files. The client package parses them, finds the context and runs exec plugins; certificates are
/// loaded here, because it takes only the first of a CA bundle.
/// </summary>
internal static class KubeConfigFile
{
    private static readonly TimeSpan ExecTimeout = TimeSpan.FromSeconds(30);

    /// <exception cref="KubeConfigException">One sentence with the files and the context.</exception>
    public static KubeConnection Read(IReadOnlyList<string> paths, string? context) => Use(paths, (merged, where) =>
    {
        context ??= merged.CurrentContext;
        if (string.IsNullOrEmpty(context)) throw new KubeConfigException($"The {where} has no current context: name one.");
        if (!merged.Contexts.Any(known => Same(known.Name, context)))
            throw new KubeConfigException($"There is no context {context} in {where}: kubectl config get-contexts lists them.");
        return Explained($"context {context} of {where}", () => Connect(merged, context));
    });

    /// <exception cref="KubeConfigException">One sentence with the files.</exception>
    public static IReadOnlyList<string> Contexts(IReadOnlyList<string> paths) => Use(paths, (merged, _) => merged.Contexts.Select(context => context.Name).ToList());

    private static T Use<T>(IReadOnlyList<string> paths, Func<K8SConfiguration, string, T> use)
    {
        var files = paths.Select(Path.GetFullPath).Where(File.Exists).ToList();
        var where = $"kubeconfig {string.Join(", ", files.Count > 0 ? files : paths)}";
        if (files.Count == 0) throw new KubeConfigException($"There is no {where}.");
        return use(Explained(where, () => Merge([.. files.Select(Load)])), where);
    }

    private static T Explained<T>(string where, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (Explain(failure) is { } why)
        {
            throw new KubeConfigException($"The {where} cannot be used: {why}.");
        }
    }

    private static K8SConfiguration Load(string path)
    {
        var config = KubernetesClientConfiguration.LoadKubeConfig(path, useRelativePaths: false)
            ?? throw new k8s.Exceptions.KubeConfigException("it is empty");
        var folder = Path.GetDirectoryName(path)!;
        foreach (var endpoint in (config.Clusters ?? []).Select(cluster => cluster.ClusterEndpoint).OfType<ClusterEndpoint>())
            endpoint.CertificateAuthority = Absolute(folder, endpoint.CertificateAuthority);
        foreach (var user in (config.Users ?? []).Select(user => user.UserCredentials).OfType<UserCredentials>())
        {
            user.ClientCertificate = Absolute(folder, user.ClientCertificate);
            user.ClientKey = Absolute(folder, user.ClientKey);
        }

        return config;
    }

    private static string? Absolute(string folder, string? path) => string.IsNullOrEmpty(path) ? null : Path.Combine(folder, path);

    private static K8SConfiguration Merge(IReadOnlyList<K8SConfiguration> configs) => new()
    {
        CurrentContext = configs.Select(config => config.CurrentContext).FirstOrDefault(name => !string.IsNullOrEmpty(name)),
        Clusters = configs.SelectMany(config => config.Clusters ?? []).ToList(),
        Contexts = configs.SelectMany(config => config.Contexts ?? []).ToList(),
        Users = configs.SelectMany(config => config.Users ?? []).ToList(),
    };

    private static KubeConnection Connect(K8SConfiguration merged, string context)
    {
        // First, because the package does not say which file is missing.
        var trust = Trust(merged, context);
        KubernetesClientConfiguration.ExecTimeout = ExecTimeout;
        var read = KubernetesClientConfiguration.BuildConfigFromConfigObject(merged, context);
        return new KubeConnection
        {
            Server = new Uri(read.Host),
            TlsServerName = NullIfEmpty(read.TlsServerName),
            Trust = trust,
            SkipTlsVerify = read.SkipTlsVerify,
            ClientCertificate = ClientCertificate(read),
            Token = NullIfEmpty(read.AccessToken),
            Basic = string.IsNullOrEmpty(read.Username) ? null : $"{read.Username}:{read.Password}",
            Namespace = NullIfEmpty(read.Namespace),
        };
    }

    private static X509Certificate2Collection? Trust(K8SConfiguration merged, string context)
    {
        var details = merged.Contexts.FirstOrDefault(item => Same(item.Name, context))?.ContextDetails;
        var cluster = merged.Clusters.FirstOrDefault(item => Same(item.Name, details?.Cluster))?.ClusterEndpoint;
        var pem = Pem(cluster?.CertificateAuthorityData, cluster?.CertificateAuthority);
        if (pem is null) return null;
        var trust = new X509Certificate2Collection();
        trust.ImportFromPem(pem);
        return trust.Count > 0 ? trust : throw new CryptographicException("no certificate");
    }

    private static X509Certificate2? ClientCertificate(KubernetesClientConfiguration read)
    {
        var certificate = Pem(read.ClientCertificateData, read.ClientCertificateFilePath);
        var key = Pem(read.ClientCertificateKeyData, read.ClientKeyFilePath);
        return certificate is null || key is null ? null : X509Certificate2.CreateFromPem(certificate, key);
    }

    private static string? Pem(string? base64, string? path)
        => !string.IsNullOrEmpty(base64) ? Encoding.ASCII.GetString(Convert.FromBase64String(base64))
            : !string.IsNullOrEmpty(path) ? File.ReadAllText(path)
            : null;

    private static bool Same(string? left, string? right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    // Never the text of a parser or of a plugin's output: either can quote a credential.
    private static string? Explain(Exception failure) => failure switch
    {
        k8s.Exceptions.KubeConfigException { Message: var text } => ServerText.Clean(FirstLine(text), []).TrimEnd('.'),
        YamlException yaml => $"it is not valid YAML at line {yaml.Start.Line}",
        UriFormatException => "its server is not a URL",
        FormatException => "it holds data that is not base64",
        CryptographicException => "a certificate or key in it cannot be read",
        FileNotFoundException { FileName: var name } => $"{name} does not exist",
        IOException or UnauthorizedAccessException => "a file that it needs cannot be read",
        KubeConfigException => null,
        _ => $"it is not a kubeconfig ({failure.GetType().Name})",
    };

    private static string FirstLine(string text) => text.AsSpan().EnumerateLines() is var lines && lines.MoveNext() ? lines.Current.ToString() : "";
}
