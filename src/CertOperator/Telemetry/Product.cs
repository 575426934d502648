using CertOperator.Api;

namespace CertOperator.Telemetry;

/// <summary>How the program calls itself towards others.</summary>
internal static class Product
{
    /// <summary>By which telemetry tells it from others.</summary>
    public const string Name = ApiGroup.FieldManager;

    /// <summary>Major, minor, patch.</summary>
    public static string Version { get; } = typeof(Product).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary><c>cert-operator/0.1.0</c>: the user agent of every request. The API server takes what is before the slash for the field manager.</summary>
    public static string UserAgent { get; } = $"{ApiGroup.FieldManager}/{Version}";
}
