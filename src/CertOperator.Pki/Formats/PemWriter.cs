using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Pki.Formats;

internal static class PemWriter
{
    /// <summary>RFC 7468, ended by a line feed.</summary>
    public static byte[] Write(string label, ReadOnlySpan<byte> der)
    {
        var text = new char[PemEncoding.GetEncodedSize(label.Length, der.Length)];
        PemEncoding.TryWrite(label, der, text, out _);
        var pem = new byte[text.Length + 1];
        Encoding.ASCII.GetBytes(text, pem);
        pem[^1] = (byte)'\n';
        Array.Clear(text);
        return pem;
    }
}
