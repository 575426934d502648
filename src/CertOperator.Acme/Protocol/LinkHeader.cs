namespace CertOperator.Acme.Protocol;

/// <summary>A link with one relation type (RFC 8288). The fragment stands apart, for it is never requested; empty if there is none.</summary>
internal readonly record struct WebLink(string Relation, Uri Target, string Fragment);

/// <summary>Reads Link headers; what is malformed ends the value that it stands in, and is no error.</summary>
internal static class LinkHeader
{
    private static readonly char[] Blank = [' ', '\t'];

    public static IReadOnlyList<WebLink> Parse(IEnumerable<string> values, Uri reply, bool allowHttp)
        => [.. values.SelectMany(value => ParseValue(value, reply, allowHttp)).Take(AcmeLimits.Links)];

    private static IEnumerable<WebLink> ParseValue(string value, Uri reply, bool allowHttp)
    {
        var position = 0;
        while (Skip(value, ref position) && value[position] == '<')
        {
            var end = value.IndexOf('>', position);
            if (end < 0) yield break;
            var parts = value[(position + 1)..end].Trim().Split('#', 2);
            var target = AcmeUri.Resolve(reply, parts[0], allowHttp);
            position = end + 1;
            var relations = ReadRelations(value, ref position);
            if (target is null) continue;
            foreach (var relation in relations.Split(Blank, StringSplitOptions.RemoveEmptyEntries))
                yield return new WebLink(relation.ToLowerInvariant(), target, parts.ElementAtOrDefault(1) ?? "");
        }
    }

    /// <summary>Moves over blanks and commas; whether anything is left.</summary>
    private static bool Skip(string value, ref int position)
    {
        while (position < value.Length && value[position] is ' ' or '\t' or ',') position++;
        return position < value.Length;
    }

    /// <summary>Reads all parameters of a link and returns the first "rel", which is the one that counts (section 3.3); empty if there is none.</summary>
    private static string ReadRelations(string value, ref int position)
    {
        string? relations = null;
        while (position < value.Length && value[position] != ',')
        {
            if (value[position] is ' ' or '\t' or ';')
            {
                position++;
                continue;
            }
            var name = ReadUntil(value, ref position, "=;,").Trim();
            var content = "";
            if (position < value.Length && value[position] == '=')
            {
                position++;
                content = ReadContent(value, ref position);
            }
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase)) relations ??= content;
        }
        return relations ?? "";
    }

    private static string ReadContent(string value, ref int position)
    {
        while (position < value.Length && value[position] is ' ' or '\t') position++;
        if (position >= value.Length || value[position] != '"') return ReadUntil(value, ref position, ";,").Trim();
        var text = new System.Text.StringBuilder();
        for (position++; position < value.Length && value[position] != '"'; position++)
        {
            if (value[position] == '\\' && position + 1 < value.Length) position++;
            text.Append(value[position]);
        }
        position = Math.Min(position + 1, value.Length);
        return text.ToString();
    }

    private static string ReadUntil(string value, ref int position, ReadOnlySpan<char> ends)
    {
        var length = value.AsSpan(position).IndexOfAny(ends);
        var end = length < 0 ? value.Length : position + length;
        var text = value[position..end];
        position = end;
        return text;
    }
}
