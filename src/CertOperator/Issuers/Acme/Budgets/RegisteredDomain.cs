namespace CertOperator.Issuers.Acme.Budgets;

/// <summary>The domain by which CAs count. Without the list of public suffixes it is a good guess, and only a local ceiling rests on it.</summary>
internal static class RegisteredDomain
{
    /// <summary>Second levels that registries of countries sell names below.</summary>
    private static readonly HashSet<string> Categories = ["ac", "co", "com", "edu", "gov", "ltd", "me", "net", "or", "org", "plc"];

    /// <summary>The last two labels, or three below a country's category (<c>example.co.uk</c>); an IP address is its own.</summary>
    public static string Of(string name)
    {
        string[] labels = name.Split('.');
        if (labels.Length < 3 || labels.All(label => label.All(char.IsAsciiDigit)))
            return name;
        int kept = labels[^1].Length == 2 && Categories.Contains(labels[^2]) ? 3 : 2;
        return string.Join('.', labels.TakeLast(kept));
    }
}
