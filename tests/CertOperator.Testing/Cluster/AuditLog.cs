using System.Text.Json.Nodes;

namespace CertOperator.Testing.Cluster;

/// <summary>The API server's audit log: every answered request of a service account.</summary>
public sealed class AuditLog(string path)
{
    /// <summary>The name by which the API server knows a service account.</summary>
    public static string UserName(string @namespace, string name) => $"system:serviceaccount:{@namespace}:{name}";

    /// <summary>A place in the log, for <see cref="Read"/>.</summary>
    public long Position => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>The requests of <paramref name="user"/> logged after <paramref name="since"/>.</summary>
    public IReadOnlyList<AuditEntry> Read(string user, long since = 0)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = since;
        using var reader = new StreamReader(stream);
        // A line without an end is still being written. A watch is logged at its start and at its end.
        return [.. reader.ReadToEnd().Split('\n').SkipLast(1)
            .Select(line => JsonNode.Parse(line)!)
            .Where(e => Text(e["user"], "username") == user && e["objectRef"] is not null)
            .DistinctBy(e => Text(e, "auditID"))
            .Select(ToEntry)];
    }

    private static AuditEntry ToEntry(JsonNode logged)
    {
        var target = logged["objectRef"];
        return new AuditEntry(
            Text(logged["user"], "username"),
            Text(logged, "verb"),
            Text(target, "apiGroup"),
            Text(target, "resource"),
            Text(target, "subresource"),
            Text(target, "namespace"),
            Text(target, "name"),
            (int?)logged["responseStatus"]?["code"] ?? 0);
    }

    private static string Text(JsonNode? node, string field) => (string?)node?[field] ?? "";
}
