namespace CertOperator.Acceptance.Pages;

/// <summary>The test runs every shell command of a page; <see cref="PageTests"/> finds pages that no test runs.</summary>
/// <param name="page">From the root of the repository.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RunsPageAttribute(string page) : Attribute
{
    public string Page => page;
}
