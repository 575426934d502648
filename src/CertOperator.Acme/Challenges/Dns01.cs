using System.Security.Cryptography;
using System.Text;
using CertOperator.Acme.Orders;

namespace CertOperator.Acme.Challenges;

/// <summary>What the DNS must answer (RFC 8555 section 8.4).</summary>
public static class Dns01
{
    private const string Label = "_acme-challenge";
    private const int LabelOctets = 10;

    /// <exception cref="ArgumentException">The token is none.</exception>
    public static TxtRecord Of(Identifier identifier, string token, string thumbprint)
        => new($"{Label}.{identifier.WithoutWildcard().Value}", KeyAuthorization.DigestText(token, thumbprint));

    /// <summary>The same for dns-account-01, whose name has a label of the account's own (draft-ietf-acme-dns-account-label-02 section 3.2).</summary>
    /// <exception cref="ArgumentException">The token is none.</exception>
    public static TxtRecord OfAccount(Identifier identifier, string token, string thumbprint, Uri account)
        => new($"{AccountLabel(account)}.{Label}.{identifier.WithoutWildcard().Value}", KeyAuthorization.DigestText(token, thumbprint));

    /// <summary>The label before <c>_acme-challenge</c> that tells the account's records from others'.</summary>
    public static string AccountLabel(Uri account)
        => $"_{Base32(SHA256.HashData(Encoding.ASCII.GetBytes(account.OriginalString)).AsSpan(0, LabelOctets))}";

    // RFC 4648 section 6 in lower case; a multiple of five octets needs no padding.
    private static string Base32(ReadOnlySpan<byte> octets)
    {
        const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var text = new StringBuilder();
        for (var bit = 0; bit < octets.Length * 8; bit += 5)
        {
            var pair = (octets[bit / 8] << 8) | (bit / 8 + 1 < octets.Length ? octets[bit / 8 + 1] : 0);
            text.Append(Alphabet[(pair >> (11 - bit % 8)) & 31]);
        }
        return text.ToString();
    }
}
