using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CertOperator.Runtime.Client.Http;

/// <summary>
/// The credentials that the kubelet mounts into a pod. Read here and not by the client package, whose reader takes its
/// directory and its clock from nowhere that a test could reach.
/// </summary>
internal static class ServiceAccount
{
    public const string DefaultDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static bool IsMounted(string directory)
        => Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } && File.Exists(Path.Combine(directory, "token"));

    public static KubeConnection Read(string directory)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new KubeConfigException("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT name no API server: this process does not run in a pod, give a kubeconfig.");
        var trustFile = Path.Combine(directory, "ca.crt");
        var namespaceFile = Path.Combine(directory, "namespace");
        try
        {
            var trust = new X509Certificate2Collection();
            trust.ImportFromPemFile(trustFile);
            return new KubeConnection
            {
                Server = new UriBuilder(Uri.UriSchemeHttps, host, number).Uri,
                Trust = trust,
                TokenFile = Path.Combine(directory, "token"),
                Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : null,
            };
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new KubeConfigException($"The service account's {trustFile} cannot be read: mount a service account token into this pod.");
        }
    }
}
