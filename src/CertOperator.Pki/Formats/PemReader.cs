using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CertOperator.Pki.Formats;

/// <summary>
/// Strict RFC 7468: every line that opens with dashes belongs to a complete block, or the whole is refused, so that no block is ever
/// passed over in silence. Explanatory text between blocks is allowed, as <c>openssl x509 -text</c> writes it.
/// </summary>
internal static class PemReader
{
    private const int MaxLabelLength = 64;
    private const int MaxBlocks = 64;

    /// <param name="pem">The text, as octets.</param>
    /// <param name="maxBytes">More than this is refused unread.</param>
    /// <param name="what">What is being read, for messages: "certificate data".</param>
    /// <exception cref="PkiException">The text is not PEM.</exception>
    public static List<PemBlock> Read(ReadOnlySpan<byte> pem, int maxBytes, string what)
    {
        if (pem.Length > maxBytes)
            throw new PkiException($"The {what} is {pem.Length} bytes long: more than {maxBytes} bytes are not read.");
        var blocks = new List<PemBlock>();
        while (TakeLine(ref pem, out var line))
        {
            if (!line.StartsWith("-----"u8))
                continue;
            if (blocks.Count == MaxBlocks)
                throw new PkiException($"The {what} holds more than {MaxBlocks} PEM blocks.");
            blocks.Add(ReadBlock(Label(line, "-----BEGIN "u8, what), ref pem, what));
        }
        return blocks;
    }

    private static PemBlock ReadBlock(string label, ref ReadOnlySpan<byte> pem, string what)
    {
        var body = pem;
        var bodyLength = 0;
        while (TakeLine(ref pem, out var line))
        {
            if (!line.StartsWith("-----"u8))
            {
                bodyLength = body.Length - pem.Length;
                continue;
            }
            if (Label(line, "-----END "u8, what) != label)
                throw new PkiException($"The {what} is not valid PEM: the BEGIN and END lines of a block name different things.");
            return new PemBlock(label, Decode(body[..bodyLength], what));
        }
        throw new PkiException($"The {what} is not valid PEM: its last block is cut off.");
    }

    private static byte[] Decode(ReadOnlySpan<byte> body, string what)
    {
        var data = new byte[Base64.GetMaxDecodedFromUtf8Length(body.Length)];
        var status = Base64.DecodeFromUtf8(body, data, out _, out var written);
        if (status != OperationStatus.Done || written == 0)
            throw new PkiException($"The {what} is not valid PEM: a block is empty or not base64.");
        var exact = data.AsSpan(0, written).ToArray();
        CryptographicOperations.ZeroMemory(data);
        return exact;
    }

    private static string Label(ReadOnlySpan<byte> line, ReadOnlySpan<byte> opening, string what)
    {
        var closing = "-----"u8;
        if (!line.StartsWith(opening) || !line.EndsWith(closing) || line.Length > opening.Length + MaxLabelLength + closing.Length)
            throw new PkiException($"The {what} is not valid PEM: a BEGIN or END line is malformed or missing.");
        return Encoding.ASCII.GetString(line[opening.Length..^closing.Length]);
    }

    private static bool TakeLine(ref ReadOnlySpan<byte> pem, out ReadOnlySpan<byte> line)
    {
        if (pem.IsEmpty)
        {
            line = default;
            return false;
        }
        var end = pem.IndexOf((byte)'\n');
        line = (end < 0 ? pem : pem[..end]).TrimEnd("\r \t"u8);
        pem = end < 0 ? default : pem[(end + 1)..];
        return true;
    }
}
