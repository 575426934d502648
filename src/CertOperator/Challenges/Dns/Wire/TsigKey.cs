using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CertOperator.Challenges.Dns.Wire;

/// <summary>A key that client and server share, and the signatures made with it (TSIG, RFC 8945).</summary>
internal sealed class TsigKey
{
    /// <summary>Seconds by which the clocks may differ (RFC 8945, 10).</summary>
    private const ushort Fudge = 300;

    private const int MacSize = 10;

    private static readonly Dictionary<string, (string Name, HashAlgorithmName Hash)> Algorithms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HMACSHA1"] = ("hmac-sha1", HashAlgorithmName.SHA1),
        ["HMACSHA256"] = ("hmac-sha256", HashAlgorithmName.SHA256),
        ["HMACSHA384"] = ("hmac-sha384", HashAlgorithmName.SHA384),
        ["HMACSHA512"] = ("hmac-sha512", HashAlgorithmName.SHA512),
    };

    private readonly string _name;
    private readonly string _algorithm;
    private readonly HashAlgorithmName _hash;
    private readonly byte[] _secret;

    /// <exception cref="DnsException">The name or the algorithm is not one that can be used.</exception>
    public TsigKey(string name, string algorithm, byte[] secret)
    {
        _name = DnsNames.Normalize(name);
        (_algorithm, _hash) = Algorithms.TryGetValue(algorithm, out var known)
            ? known
            : throw new DnsException($"The TSIG algorithm \"{algorithm}\" cannot be used: take one of {string.Join(", ", Algorithms.Keys)}.");
        _secret = secret;
    }

    /// <summary>The message with a signature at its end, and the signature, which the answer's signature covers.</summary>
    public (byte[] Message, byte[] Mac) Sign(byte[] message, DateTimeOffset now)
    {
        long time = now.ToUnixTimeSeconds();
        byte[] mac = Mac([], message, time, Fudge, 0, []);
        var data = new DnsWriter();
        data.Name(_algorithm);
        Time(data, time, Fudge);
        data.UInt16((ushort)mac.Length);
        data.Bytes(mac);
        data.Bytes(message.AsSpan(0, 2));
        data.UInt32(0);
        return (DnsWriter.Append(message, _name, DnsType.Tsig, DnsClass.Any, data.ToArray()), mac);
    }

    /// <summary>Whether an answer is signed with this key as an answer to that request (RFC 8945, 5.3).</summary>
    public bool Verifies(ReadOnlySpan<byte> answer, DnsMessage parsed, byte[] requestMac, DateTimeOffset now)
    {
        if (parsed.Additionals is not [.., { Type: DnsType.Tsig } record] || record.Name != _name)
            return false;

        ReadOnlySpan<byte> data = record.Data.Span;
        (string algorithm, int length) = DnsReader.ReadName(data);
        if (algorithm != _algorithm || data.Length < length + MacSize)
            return false;
        data = data[length..];
        long time = ((long)BinaryPrimitives.ReadUInt16BigEndian(data) << 32) | BinaryPrimitives.ReadUInt32BigEndian(data[2..]);
        ushort fudge = BinaryPrimitives.ReadUInt16BigEndian(data[6..]);
        int macLength = BinaryPrimitives.ReadUInt16BigEndian(data[8..]);
        if (data.Length < MacSize + macLength + 6)
            return false;

        ReadOnlySpan<byte> mac = data.Slice(MacSize, macLength);
        ReadOnlySpan<byte> rest = data[(MacSize + macLength)..];
        ushort error = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);

        // What was signed: the message before the record was added, under the identifier that the signer saw.
        byte[] unsigned = answer[..record.Offset].ToArray();
        rest[..2].CopyTo(unsigned);
        BinaryPrimitives.WriteUInt16BigEndian(unsigned.AsSpan(10), (ushort)(parsed.Additionals.Count - 1));
        byte[] expected = Mac(requestMac, unsigned, time, fudge, error, rest[6..]);
        return CryptographicOperations.FixedTimeEquals(expected, mac) && Math.Abs(now.ToUnixTimeSeconds() - time) <= fudge;
    }

    /// <summary>The name alone.</summary>
    public override string ToString() => $"TSIG key {_name}";

    private byte[] Mac(byte[] requestMac, byte[] message, long time, ushort fudge, ushort error, ReadOnlySpan<byte> other)
    {
        var digest = new DnsWriter();
        if (requestMac.Length > 0)
        {
            digest.UInt16((ushort)requestMac.Length);
            digest.Bytes(requestMac);
        }

        digest.Bytes(message);
        digest.Name(_name);
        digest.UInt16((ushort)DnsClass.Any);
        digest.UInt32(0);
        digest.Name(_algorithm);
        Time(digest, time, fudge);
        digest.UInt16(error);
        digest.UInt16((ushort)other.Length);
        digest.Bytes(other);
        return CryptographicOperations.HmacData(_hash, _secret, digest.ToArray());
    }

    private static void Time(DnsWriter writer, long time, ushort fudge)
    {
        writer.UInt16((ushort)(time >> 32));
        writer.UInt32((uint)(time & 0xFFFF_FFFF));
        writer.UInt16(fudge);
    }
}
