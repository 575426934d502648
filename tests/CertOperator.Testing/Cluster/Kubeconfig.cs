using System.Text;

namespace CertOperator.Testing.Cluster;

internal static class Kubeconfig
{
    /// <summary>Writes a kubeconfig that trusts <paramref name="authorities"/> (PEM) and sends a bearer token.</summary>
    public static void Write(string path, Uri server, string authorities, string token) => File.WriteAllText(path, $"""
        apiVersion: v1
        kind: Config
        current-context: test
        contexts:
        - name: test
          context:
            cluster: test
            user: test
        clusters:
        - name: test
          cluster:
            server: {server.GetLeftPart(UriPartial.Authority)}
            certificate-authority-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(authorities))}
        users:
        - name: test
          user:
            token: {token}
        """);
}
