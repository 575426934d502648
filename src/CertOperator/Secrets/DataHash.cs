using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Secrets;

/// <summary>
/// The annotation that tells whether the entries which the operator wrote are still as it wrote them. It names those
/// entries, so that what others put beside them does not count.
/// </summary>
internal static class DataHash
{
    /// <summary><c>tls.crt,tls.key:hex</c>; the key material in it makes the hash impossible to guess back.</summary>
    public static string Of(IReadOnlyDictionary<string, byte[]> data)
    {
        string[] names = [.. data.Keys.Order(StringComparer.Ordinal)];
        return $"{string.Join(',', names)}:{Hash(names, data)}";
    }

    /// <summary>True without an annotation: then the operator wrote nothing that could have been changed.</summary>
    public static bool Matches(string? annotation, IReadOnlyDictionary<string, byte[]>? data)
    {
        if (annotation is null)
            return true;
        int colon = annotation.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || data is null)
            return false;
        string[] names = annotation[..colon].Split(',');
        return names.All(data.ContainsKey) && annotation.AsSpan(colon + 1).SequenceEqual(Hash(names, data));
    }

    private static string Hash(string[] names, IReadOnlyDictionary<string, byte[]> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[4];
        foreach (string name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            BinaryPrimitives.WriteInt32LittleEndian(length, data[name].Length);
            hash.AppendData(length);
            hash.AppendData(data[name]);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
