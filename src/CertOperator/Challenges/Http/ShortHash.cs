using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Challenges.Http;

/// <summary>Names that follow from what they stand for.</summary>
internal static class ShortHash
{
    /// <summary>10 hexadecimal digits.</summary>
    public static string Text(params string[] parts) => Convert.ToHexStringLower(Of(string.Join('\n', parts)).AsSpan(0, 5));

    public static uint Number(string text) => BinaryPrimitives.ReadUInt32BigEndian(Of(text));

    private static byte[] Of(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
