namespace CertOperator.Pki.Requests;

internal static class ObjectIdentifier
{
    private const int MaxLength = 128;

    /// <summary>Dotted decimal: two arcs or more, the first 0 to 2, the second under 40 below arcs 0 and 1, no leading zeros.</summary>
    public static bool IsValid(string text)
    {
        if (text.Length > MaxLength)
            return false;
        var arcs = text.Split('.');
        return arcs.Length >= 2
            && arcs.All(arc => arc.Length > 0 && arc.All(char.IsAsciiDigit) && (arc.Length == 1 || arc[0] != '0'))
            && arcs[0] is "0" or "1" or "2"
            && (arcs[0] == "2" || arcs[1].Length == 1 || arcs[1].Length == 2 && arcs[1][0] < '4');
    }
}
