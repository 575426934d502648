using System.Text;

namespace CertOperator.Runtime.Tests.Client.Http;

/// <summary>Kubeconfig files of tests, in a folder that goes with them.</summary>
internal sealed class Kubeconfig : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kubeconfig-");

    public string Folder => _folder.FullName;

    /// <summary>Writes a file with one context.</summary>
    public string Write(
        Uri server, string? authority = null, string user = "token: t-1", string cluster = "", string context = "main", string file = "config")
    {
        var trust = authority is null ? "" : $"certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authority))}";
        return WriteText($"""
            apiVersion: v1
            kind: Config
            current-context: {context}
            clusters:
            - name: {context}-cluster
              cluster:
                server: {server}
                {trust}
                {cluster}
            contexts:
            - name: {context}
              context:
                cluster: {context}-cluster
                user: {context}-user
                namespace: {context}-ns
            users:
            - name: {context}-user
              user:
                {user}
            """, file);
    }

    public string WriteText(string text, string file = "config")
    {
        var path = Path.Combine(Folder, file);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
