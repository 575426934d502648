using CertOperator.Challenges.Dns.Wire;

namespace CertOperator.Challenges.Dns.Clouds;

/// <summary>A token that the cloud mounts into the operator's pod and replaces from time to time.</summary>
internal static class OwnFile
{
    /// <exception cref="DnsException">It cannot be read.</exception>
    public static async Task<string> ReadAsync(string path, CancellationToken cancel)
    {
        try
        {
            return (await File.ReadAllTextAsync(path, cancel)).Trim();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DnsException($"The operator's own identity token {path} cannot be read: check the volumes of its pod.");
        }
    }
}
