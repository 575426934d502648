namespace CertOperator.Challenges.Dns;

/// <summary>
/// For providers that replace the whole set: the values that there should be at a name, given those that there are; null if
/// they are right as they are.
/// </summary>
internal delegate IReadOnlyList<string>? ChangeOfValues(IReadOnlyList<string> values);

internal static class ChangesOfValues
{
    public static ChangeOfValues Adding(string value) => values => values.Contains(value) ? null : [.. values, value];

    public static ChangeOfValues Removing(string value) => values => values.Contains(value) ? [.. values.Where(other => other != value)] : null;
}
