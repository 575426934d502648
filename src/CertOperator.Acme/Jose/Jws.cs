using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CertOperator.Acme.Jose;

/// <summary>Flattened JWS with everything in the protected header (RFC 7515 section 7.2.2, RFC 8555 section 6.2).</summary>
internal static class Jws
{
    // URLs stay as they are: no \u0026 where a naive server compares text.
    private static readonly JsonWriterOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="key">Signs.</param>
    /// <param name="account">Goes in as "kid"; null to send the public key as "jwk".</param>
    /// <param name="nonce">Null only for the inner JWS of a key change.</param>
    /// <param name="url">Where it is sent to.</param>
    /// <param name="payload">Empty for POST-as-GET.</param>
    /// <param name="cancel">Cancels a key that lives elsewhere.</param>
    public static async ValueTask<byte[]> SignAsync(AccountKey key, Uri? account, string? nonce, Uri url, byte[] payload, CancellationToken cancel)
    {
        var header = Header(key.Algorithm, nonce, url, writer =>
        {
            if (account is not null) writer.WriteString("kid", account.OriginalString);
            else WriteRaw(writer, "jwk", key.PublicJwk);
        });
        var input = SigningInput(header, payload);
        var signature = await key.SignAsync(Encoding.ASCII.GetBytes(input), cancel).ConfigureAwait(false);
        return Flatten(input, signature);
    }

    /// <summary>The same with a shared secret in place of a key (section 7.3.4).</summary>
    /// <param name="algorithm">HS256, HS384 or HS512.</param>
    /// <param name="keyId">By which the CA knows the secret.</param>
    /// <param name="url">Where it is sent to.</param>
    /// <param name="payload">The public JWK of the account.</param>
    /// <param name="authenticate">Computes the MAC.</param>
    public static byte[] Authenticate(string algorithm, string keyId, Uri url, byte[] payload, Func<byte[], byte[]> authenticate)
    {
        var input = SigningInput(Header(algorithm, nonce: null, url, writer => writer.WriteString("kid", keyId)), payload);
        return Flatten(input, authenticate(Encoding.ASCII.GetBytes(input)));
    }

    private static byte[] Header(string algorithm, string? nonce, Uri url, Action<Utf8JsonWriter> writeKey) => Write(writer =>
    {
        writer.WriteString("alg", algorithm);
        if (nonce is not null) writer.WriteString("nonce", nonce);
        writer.WriteString("url", url.OriginalString);
        writeKey(writer);
    });

    private static string SigningInput(byte[] header, byte[] payload) => $"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(payload)}";

    private static byte[] Flatten(string input, byte[] signature)
    {
        var dot = input.IndexOf('.', StringComparison.Ordinal);
        return Write(writer =>
        {
            writer.WriteString("protected", input.AsSpan(0, dot));
            writer.WriteString("payload", input.AsSpan(dot + 1));
            writer.WriteString("signature", Base64Url.EncodeToString(signature));
        });
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, string json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, AsWritten))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }
}
