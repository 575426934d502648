namespace CertOperator.Cli.Clusters;

/// <summary>The name that was probably meant. Pure.</summary>
internal static class NearMiss
{
    private const int MostCompared = 2000;
    private const int LongestName = 253;

    /// <summary>One that is at most half of its letters away; null if there is none.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
        => typed.Length > LongestName ? null : known.Take(MostCompared).Where(name => name.Length <= LongestName)
            .Select(name => (Name: name, Distance: name.Contains(typed, StringComparison.Ordinal) ? 1 : Distance(typed, name)))
            .Where(candidate => candidate.Distance * 2 <= candidate.Name.Length + 1)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();

    /// <summary>Letters to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        int[] former = [.. Enumerable.Range(0, right.Length + 1)];
        for (int row = 1; row <= left.Length; row++)
        {
            int[] present = [row, .. new int[right.Length]];
            for (int column = 1; column <= right.Length; column++)
            {
                int replaced = former[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
                present[column] = Math.Min(replaced, Math.Min(former[column], present[column - 1]) + 1);
            }

            former = present;
        }

        return former[^1];
    }
}
