using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CertOperator.Pki.Requests;

/// <summary>IP addresses and ranges as people write them, without the short forms ("10.1", "0x7f000001") that the BCL also takes.</summary>
internal static class IpText
{
    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        if (!IPAddress.TryParse(text, out address) || text.AsSpan().ContainsAny("[]%"))
        {
            address = null;
            return false;
        }
        if (address.AddressFamily == AddressFamily.InterNetworkV6 || address.ToString() == text)
            return true;
        address = null;
        return false;
    }

    /// <summary>CIDR to address and mask, 8 or 32 octets (RFC 5280 section 4.2.1.10).</summary>
    public static bool TryParseRange(string cidr, [NotNullWhen(true)] out byte[]? addressAndMask)
    {
        addressAndMask = null;
        var slash = cidr.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !TryParse(cidr[..slash], out var address)
            || !int.TryParse(cidr.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits))
            return false;
        var octets = address.GetAddressBytes();
        if (bits > octets.Length * 8)
            return false;
        addressAndMask = new byte[octets.Length * 2];
        for (var i = 0; i < octets.Length; i++)
        {
            var mask = (0xFF00 >> Math.Clamp(bits - i * 8, 0, 8)) & 0xFF;
            addressAndMask[i] = (byte)(octets[i] & mask);
            addressAndMask[octets.Length + i] = (byte)mask;
        }
        return true;
    }

    /// <summary>The reverse of <see cref="TryParseRange"/>; false where the mask has holes or the length fits no address.</summary>
    public static bool TryFormatRange(ReadOnlySpan<byte> addressAndMask, [NotNullWhen(true)] out string? cidr)
    {
        cidr = null;
        if (addressAndMask.Length is not (8 or 32))
            return false;
        var mask = addressAndMask[(addressAndMask.Length / 2)..];
        var bits = 0;
        while (bits < mask.Length * 8 && (mask[bits / 8] & (0x80 >> (bits % 8))) != 0)
            bits++;
        cidr = $"{new IPAddress(addressAndMask[..mask.Length])}/{bits}";
        return TryParseRange(cidr, out var again) && again.AsSpan(mask.Length).SequenceEqual(mask);
    }
}
