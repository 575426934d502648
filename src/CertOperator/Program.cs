using System.CommandLine;
using CertOperator;
using CertOperator.Cli;

// .NET looks for certificate stores below the home folder whenever it verifies a TLS connection. They need not be there, but where
// the user has no home, as in an image without /etc/passwd, it verifies nothing; the folder for this case is "/".
if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable("HOME")))
    Environment.SetEnvironmentVariable("HOME", Environment.GetFolderPath(Environment.SpecialFolder.UserProfile));

ParseResult command = Composition.Create(Shell.OfProcess(), Environment.GetCommandLineArgs()[0]).Parse(args);
int status = await command.InvokeAsync();
return command.Errors.Count > 0 ? ExitCodes.Failed : status;
