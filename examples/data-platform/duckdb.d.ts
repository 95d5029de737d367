// What the example uses of DuckDB, so that types are checked also where it is not installed.
declare module '@duckdb/node-api' {
  export interface DuckDBConnection {
    run(sql: string, values?: Record<string, string>): Promise<{ readonly rowsChanged: number }>;
    runAndReadAll(sql: string): Promise<{ getRows(): unknown[][] }>;
    closeSync(): void;
  }
  export class DuckDBInstance {
    static create(file: string): Promise<DuckDBInstance>;
    connect(): Promise<DuckDBConnection>;
    closeSync(): void;
  }
}
